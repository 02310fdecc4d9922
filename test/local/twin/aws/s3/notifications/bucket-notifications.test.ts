import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notificationTargets } from '../../../../../../local/twin/aws/s3/notifications/notification-target.ts';
import { queueArn } from '../../../../../support/running-aws.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../../support/running-s3.ts';

const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:thumbs';
const rules = (...pairs: [string, string][]) => ({
  S3Key: { Rules: pairs.map(([Name, Value]) => ({ Name, Value })) },
});

describe('notifications of a bucket', () => {
  let s3: RunningS3;
  const invoked: unknown[] = [];
  const asked: unknown[] = [];
  beforeAll(async () => {
    const NotificationConfiguration = {
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: queueArn('work'), Filter: rules(['prefix', 'in/']) }],
      LambdaConfigurations: [
        { Event: 's3:ObjectRemoved:Delete', Function: functionArn, Filter: rules(['Suffix', '.mp4']) },
      ],
    };
    s3 = await runS3(
      { NotificationConfiguration },
      {
        authorize: (principal, { operation }) => {
          if (principal.kind === 'service') asked.push([principal, operation]);
        },
      },
    );
    s3.onInvoke(async (name, payload) => {
      invoked.push([name, payload]);
      return { ok: true, payload: null };
    });
  });
  afterAll(() => s3.close());

  it('tell a queue of what is created below a prefix, in S3’s own name', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'out/a', Body: 'x' }));
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'in/a b+ü.txt', Body: 'hello' }));
    const receive = async () => {
      const { Messages } = await s3.aws.call('sqs', 'ReceiveMessage', { QueueUrl: 'work', WaitTimeSeconds: 5 });
      const [{ Body = '' } = {}] = Messages as { readonly Body?: string }[];
      return JSON.parse(Body);
    };
    expect(await receive()).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket });
    expect(await receive()).toMatchObject({
      Records: [
        {
          ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'eu-west-1', eventName: 'ObjectCreated:Put' },
          s3: {
            bucket: { name: Bucket, arn: `arn:aws:s3:::${Bucket}` },
            object: { key: 'in/a+b%2B%C3%BC.txt', size: 5, eTag: '5d41402abc4b2a76b9719d911017c592' },
          },
        },
      ],
    });
    const principal = { kind: 'service', service: 's3.amazonaws.com', sourceArn: `arn:aws:s3:::${Bucket}` };
    expect(asked).toEqual([
      [principal, 'SendMessage'],
      [principal, 'SendMessage'],
    ]);
  });

  it('invoke a function for what is removed, once, and only where something was', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'a.mp4', Body: 'x' }));
    for (const Key of ['a.mp4', 'a.mp4', 'b.txt']) await s3.client.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect.poll(() => invoked).toHaveLength(1);
    expect(invoked[0]).toMatchObject([
      functionArn,
      { Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'a.mp4' } } }] },
    ]);
  });
});

describe('notificationTargets', () => {
  it('reads queues, functions and topics', () => {
    const targets = notificationTargets("bucket 'B'", {
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: 'q' }],
      LambdaConfigurations: [{ Event: 's3:ObjectRemoved:*', Function: 'f' }],
      TopicConfigurations: [{ Event: 's3:LifecycleExpiration:Delete', Topic: 't' }],
    });
    expect(targets.map(({ kind, arn }) => `${kind} ${arn}`)).toEqual(['queue q', 'function f', 'topic t']);
  });

  it('fails on events that never come, and on EventBridge', () => {
    expect(() =>
      notificationTargets("bucket 'B'", { QueueConfigurations: [{ Event: 's3:Replication:*', Queue: 'q' }] }),
    ).toThrow("bucket 'B': the event 's3:Replication:*' is not one of ");
    expect(() => notificationTargets("bucket 'B'", { EventBridgeConfiguration: { EventBridgeEnabled: true } })).toThrow(
      "bucket 'B': EventBridgeConfiguration is not supported; tell a queue, a topic or a function instead",
    );
  });
});
