import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { DurableMap } from '../durable-map.ts';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { LifecycleSweeper } from './lifecycle-sweeper.ts';
import { BucketNotifications } from './notifications/bucket-notifications.ts';
import { sendTestEvents } from './notifications/test-events.ts';
import { bucketOperations } from './operations/bucket-operations.ts';
import { copyOperations } from './operations/copy-operations.ts';
import { listOperations } from './operations/list-operations.ts';
import { multipartOperations } from './operations/multipart-operations.ts';
import { postOperation } from './operations/post-operation.ts';
import { readOperations } from './operations/read-operations.ts';
import { writeOperations } from './operations/write-operations.ts';
import { provisionBuckets } from './provision-buckets.ts';
import type { S3Context } from './s3-context.ts';
import { BucketStore } from './storage/bucket-store.ts';
import { ObjectStore } from './storage/object-store.ts';

export interface S3Room extends AwsRoom {
  readonly buckets: BucketStore;
  /** Resolves when whoever is told of changes has been told of those until now. */
  settled(): Promise<void>;
}

/** S3, API version 2006-03-01. Objects are in the database, or in a temporary file, not in memory. */
export function startS3(context: AwsContext, setTimer: SetTimer = machineTimer): S3Room {
  const { region, accountId, nowMs, database } = context;
  const buckets = new BucketStore(database, nowMs);
  const objects = new ObjectStore(database);
  const tested = new DurableMap<readonly string[]>(database, 's3_tested');
  const notifications = new BucketNotifications(context, buckets, setTimer);
  const s3: S3Context = { buckets, objects, nowMs, region, accountId, tell: (change) => notifications.tell(change) };
  const sweeper = new LifecycleSweeper(s3, setTimer);
  sweeper.start();
  return {
    buckets,
    service: {
      ...bucketOperations(s3),
      ...copyOperations(s3),
      ...listOperations(s3),
      ...multipartOperations(s3),
      ...postOperation(s3),
      ...readOperations(s3),
      ...writeOperations(s3),
    },
    provision: async (resources) => {
      provisionBuckets(resources, buckets);
      for (const bucket of buckets.list()) await sendTestEvents(bucket, tested, context);
    },
    settled: () => notifications.settled(),
    close: async () => {
      sweeper.close();
      await notifications.close();
      buckets.flush();
      tested.flush();
      objects.close();
    },
  };
}
