import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../../local/twin/aws/aws-error.ts';
import { DurableMap } from '../../../../../../local/twin/aws/durable-map.ts';
import { notificationTargets } from '../../../../../../local/twin/aws/s3/notifications/notification-target.ts';
import { sendTestEvents } from '../../../../../../local/twin/aws/s3/notifications/test-events.ts';
import { SETTINGS_DEFAULT } from '../../../../../../local/twin/aws/s3/storage/bucket-store.ts';

const queue = 'arn:aws:sqs:eu-west-1:000000000000:work';
const topic = 'arn:aws:sns:eu-west-1:000000000000:told';

function world() {
  const tested = new DurableMap<readonly string[]>(undefined, 's3_tested');
  const sent: string[] = [];
  let failure: Error | undefined;
  const callAws = async (_service: string, operation: string, input: Readonly<Record<string, unknown>>) => {
    if (failure) throw failure;
    const text = String(input.MessageBody ?? input.Message);
    sent.push(`${operation} ${JSON.parse(text).Event} of ${JSON.parse(text).Bucket}`);
    return {};
  };
  return {
    sent,
    fail: (error: Error | undefined) => {
      failure = error;
    },
    send: (property: Parameters<typeof notificationTargets>[1]) =>
      sendTestEvents(
        { ...SETTINGS_DEFAULT, name: 'media', createdMs: 0, notifications: notificationTargets('it', property) },
        tested,
        { callAws, nowMs: () => 0 },
      ),
  };
}
const Event = 's3:ObjectCreated:*';

describe('sendTestEvents', () => {
  it('asks queues and topics once for each configuration, and functions never', async () => {
    const { send, sent } = world();
    const QueueConfigurations = [{ Event, Queue: queue }];
    await send({ LambdaConfigurations: [{ Event, Function: 'f' }] });
    expect(sent).toEqual([]);
    await send({ QueueConfigurations });
    await send({ QueueConfigurations });
    expect(sent).toEqual(['SendMessage s3:TestEvent of media']);
    await send({ QueueConfigurations, TopicConfigurations: [{ Event, Topic: topic }] });
    expect(sent.slice(1)).toEqual(['SendMessage s3:TestEvent of media', 'Publish s3:TestEvent of media']);
  });

  it('fails where a destination does not take it, and asks again the next time', async () => {
    const { send, sent, fail } = world();
    const property = { QueueConfigurations: [{ Event, Queue: queue }] };
    fail(new AwsError('AccessDenied', 'no policy allows it'));
    await expect(send(property)).rejects.toThrow(
      `bucket 'media': Unable to validate the following destination configurations: ${queue}: no policy allows it`,
    );
    fail(undefined);
    await send(property);
    expect(sent).toHaveLength(1);
  });
});
