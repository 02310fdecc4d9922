import { randomUUID } from 'node:crypto';
import { TwinError } from '../../../twin-error.ts';
import { AwsError } from '../../aws-error.ts';
import type { AwsContext } from '../../aws-room.ts';
import type { DurableMap } from '../../durable-map.ts';
import { queueUrlOfArn } from '../../queue-of-arn.ts';
import type { Bucket } from '../storage/bucket-store.ts';
import { bucketAsService } from './bucket-as-service.ts';
import type { NotificationTarget } from './notification-target.ts';

/**
 * Sends `s3:TestEvent` to queues and topics that a bucket is to tell of changes, each time its configuration changes: S3 takes
 * no configuration that it may not deliver to. Functions are not asked: they start after the buckets.
 *
 * @param tested ARNs that were asked already, by bucket.
 * @throws TwinError where a destination does not take it.
 */
export async function sendTestEvents(
  { name, notifications }: Bucket,
  tested: DurableMap<readonly string[]>,
  { callAws, nowMs }: Pick<AwsContext, 'callAws' | 'nowMs'>,
): Promise<void> {
  const arns = notifications.filter(({ kind }) => kind !== 'function').map(({ arn }) => arn);
  const before = tested.get(name) ?? [];
  if (arns.length === before.length && arns.every((arn) => before.includes(arn))) return;
  for (const target of notifications.filter(({ kind }) => kind !== 'function')) {
    const text = JSON.stringify({
      ...{ Service: 'Amazon S3', Event: 's3:TestEvent', Time: new Date(nowMs()).toISOString(), Bucket: name },
      ...{ RequestId: randomUUID(), HostId: randomUUID() },
    });
    try {
      const { service, operation, input } = messageTo(target, text);
      await callAws(service, operation, input, bucketAsService(name));
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw new TwinError(
        'bucket-notification',
        `bucket '${name}': Unable to validate the following destination configurations: ${target.arn}: ${cause.message}`,
        { cause },
      );
    }
  }
  tested.set(name, arns);
}

/** How a queue, or else a topic, is told. */
export function messageTo({ kind, arn }: NotificationTarget, text: string) {
  return kind === 'queue'
    ? { service: 'sqs', operation: 'SendMessage', input: { QueueUrl: queueUrlOfArn(arn), MessageBody: text } }
    : {
        service: 'sns',
        operation: 'Publish',
        input: { TopicArn: arn, Subject: 'Amazon S3 Notification', Message: text },
      };
}
