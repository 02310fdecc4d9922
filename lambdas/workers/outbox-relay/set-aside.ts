import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { SetTimer } from '../../adapters/dependencies/set-timer.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import type { FailedRecords } from '../../adapters/messaging/failed-records.ts';
import { untilAborted } from '../../adapters/messaging/until-aborted.ts';

/** A record of the outbox that no retry gets published. */
export interface Unreadable {
  readonly record: DynamoDBRecord;
  readonly sequenceNumber: string;
  readonly aggregate: string;
  readonly error: unknown;
}

/** What Lambda says of the invocation. */
export type Invocation = Pick<Context, 'invokedFunctionArn' | 'awsRequestId'>;

export interface SetAsideDependencies {
  /** Where to; nothing is set aside without it. */
  readonly failedRecords: FailedRecords | undefined;
  readonly setTimer: SetTimer;
  readonly logger: ServiceLogger;
}

/**
 * Leaves records with those that failed, within `maxMs`. Answers the sequence numbers of those that may not be there; never
 * rejects.
 */
export type SetAside = (
  records: readonly Unreadable[],
  invocation: Invocation,
  maxMs: number,
) => Promise<ReadonlySet<string>>;

const PUTS_AT_A_TIME = 10;

/** Keeps what nobody can publish where it can be redriven from, once somebody can. */
export function createSetAside({ failedRecords, setTimer, logger }: SetAsideDependencies): SetAside {
  async function put(unreadable: Unreadable, invocation: Invocation, signal: AbortSignal): Promise<boolean> {
    const { record, ...about } = unreadable;
    const { invokedFunctionArn: functionArn, awsRequestId: requestId } = invocation;
    try {
      if (failedRecords === undefined) throw new Error('there is no bucket for failed records');
      const by = { functionArn, requestId, condition: 'Unreadable' };
      await untilAborted(failedRecords.put(record, by, signal), signal);
      logger.error('an entry of the outbox cannot be read and was set aside', about);
      return true;
    } catch (cause) {
      const message = 'an entry of the outbox can neither be read nor set aside, and holds up its shard';
      logger.error(message, { ...about, cause });
      return false;
    }
  }

  return async (records, invocation, maxMs) => {
    if (records.length === 0) return new Set();
    const controller = new AbortController();
    const callOff = setTimer(maxMs, () => controller.abort(new Error('the bucket of failed records took too long')));
    const isThere = await mapConcurrently(records, PUTS_AT_A_TIME, (each) => put(each, invocation, controller.signal));
    callOff();
    return new Set(records.filter((_, index) => !isThere[index]).map(({ sequenceNumber }) => sequenceNumber));
  };
}
