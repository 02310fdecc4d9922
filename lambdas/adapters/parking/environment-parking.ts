import { Env } from '../../contract/environment.ts';
import { createCachedValue } from '../cached-value.ts';
import type { Clock } from '../clock.ts';
import { createDocumentClient } from '../document-client.ts';
import { createIdGenerator, type IdGenerator } from '../id-generator.ts';
import { type Environment, readVariable } from '../read-environment.ts';
import { createSqsClient } from '../sqs-client.ts';
import { createParkedTable, type ParkedTable } from './parked-table.ts';
import { createParkingQueue, type ParkingQueue } from './parking-queue.ts';

/** Where a service parks, and takes up again, what it cannot serve now. */
export interface Parking {
  readonly table: ParkedTable;
  readonly queue: ParkingQueue;
  /** Messages in the queue, at most some seconds old. */
  readonly waiting: () => Promise<number>;
  readonly nextId: IdGenerator;
}

/** SQS itself takes a minute until its counts are right, so asking more often would tell nothing more. */
const COUNT_TIMES = { refreshAfterMs: 5_000, expireAfterMs: 60_000 };

/**
 * The parking of a service whose routes have `whenOverloaded`. Called by the handlers of such services alone, so that no
 * other one bundles a client of SQS.
 * @throws RangeError for a variable that is missing.
 */
export function createEnvironmentParking(environment: Environment, clock: Clock): Parking {
  const queue = createParkingQueue(createSqsClient(), readVariable(environment, Env.PARKING_QUEUE));
  return {
    table: createParkedTable(createDocumentClient(), readVariable(environment, Env.PARKED_TABLE)),
    queue,
    waiting: createCachedValue(() => queue.count(), clock, COUNT_TIMES),
    nextId: createIdGenerator(clock),
  };
}
