import type { AwsContext, AwsRoom } from '../aws-room.ts';
import type { SetTimer } from '../set-timer.ts';
import { moveOperations } from './move-operations.ts';
import { permissionOperations } from './permission-operations.ts';
import { provisionQueues } from './provision-queues.ts';
import { QueueDatabase } from './queue-database.ts';
import { queueOperations } from './queue-operations.ts';
import { QueueStore } from './queue-store.ts';
import { receiveOperations } from './receive-operations.ts';
import { sendOperations } from './send-operations.ts';

export interface SqsRoom extends AwsRoom {
  readonly store: QueueStore;
}

/** What the queues need of the context. */
export type SqsContext = Pick<AwsContext, 'region' | 'accountId' | 'nowMs' | 'database'>;

/** SQS, API version 2012-11-05, in memory; in the database too where there is one. */
export function startSqs({ region, accountId, nowMs, database }: SqsContext, setTimer?: SetTimer): SqsRoom {
  const store = new QueueStore({
    region,
    accountId,
    nowMs,
    ...(setTimer && { setTimer }),
    database: database && new QueueDatabase(database),
  });
  return {
    store,
    service: {
      ...queueOperations(store),
      ...permissionOperations(store),
      ...sendOperations(store),
      ...receiveOperations(store),
      ...moveOperations(store),
    },
    provision: (resources) => provisionQueues(resources, store),
    close: () => store.close(),
  };
}
