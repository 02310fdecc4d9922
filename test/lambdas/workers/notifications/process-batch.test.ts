import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processBatch } from '../../../../lambdas/workers/notifications/process-batch.ts';
import { MemoryFollows, MemoryNotifications } from '../../../support/memory-tables.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const feedUpdated = (id: string, authorId: string) => ({
  specversion: '1.0',
  id,
  source: '/spillway/feed',
  type: 'FeedUpdated',
  time: '2026-11-01T00:00:00.000Z',
  subject: authorId,
  datacontenttype: 'application/json',
  data: { postId: `post of ${id}`, authorId, createdAt: '2026-11-01T00:00:00.000Z' },
});

function record(sequenceNumber: number, data: unknown): KinesisStreamRecord {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return {
    awsRegion: 'eu-central-1',
    eventID: `shardId-0:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    eventSource: 'aws:kinesis',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:123456789012:stream/events',
    eventVersion: '1.0',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/worker',
    kinesis: {
      approximateArrivalTimestamp: 0,
      data: Buffer.from(text).toString('base64'),
      kinesisSchemaVersion: '1.0',
      partitionKey: 'ann',
      sequenceNumber: String(sequenceNumber),
    },
  };
}

const batch = (...data: unknown[]): KinesisStreamEvent => ({ Records: data.map((each, index) => record(index, each)) });

function setUp() {
  const follows = new MemoryFollows();
  for (const fan of ['fan-1', 'fan-2', 'fan-3']) follows.add(fan, 'ann');
  follows.add('fan-1', 'bob');
  return { follows, notifications: new MemoryNotifications(), logger: new RecordingLogger() };
}

const { signal } = new AbortController();
const written = ({ items }: MemoryNotifications) => items.map(({ recipientId, id }) => `${id} ${recipientId}`).sort();
const failures = async (run: ReturnType<typeof processBatch>) =>
  (await run).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('processBatch', () => {
  it('notifies the followers of each record, once even when the batch is delivered twice', async () => {
    const service = setUp();
    const event = batch(feedUpdated('e1', 'ann'), feedUpdated('e2', 'bob'));
    for (let time = 0; time < 2; time += 1) {
      expect(await failures(processBatch(service, event, lambdaContext(), signal))).toEqual([]);
    }
    expect(written(service.notifications)).toEqual(['e1 fan-1', 'e1 fan-2', 'e1 fan-3', 'e2 fan-1']);
  });

  it('fails a malformed record alone, names it, and logs where it is', async () => {
    const service = setUp();
    const event = batch(feedUpdated('e1', 'ann'), '{ broken', feedUpdated('e2', 'bob'));
    expect(await failures(processBatch(service, event, lambdaContext(), signal))).toEqual(['1']);
    expect(written(service.notifications)).toEqual(['e1 fan-1', 'e1 fan-2', 'e1 fan-3', 'e2 fan-1']);
    expect(service.logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '1', partitionKey: 'ann' }]);
  });

  it('names the records also when all of them fail, instead of throwing', async () => {
    const run = processBatch(setUp(), batch('{', '{'), lambdaContext(), signal);
    expect(await failures(run)).toEqual(['0', '1']);
  });

  it('skips events of other types', async () => {
    const service = setUp();
    const other = { ...feedUpdated('e1', 'ann'), type: 'AccountClosed' };
    expect(await failures(processBatch(service, batch(other), lambdaContext(), signal))).toEqual([]);
    expect(service.notifications.items).toEqual([]);
  });

  it('finishes records at the front and leaves the others as failures when the time runs out', async () => {
    const service = setUp();
    const controller = new AbortController();
    const putOnce = service.notifications.putOnce.bind(service.notifications);
    service.notifications.putOnce = async (...args) => {
      await putOnce(...args);
      if (args[1].id === 'e2') controller.abort(new Error('time is up'));
    };
    const event = batch(feedUpdated('e1', 'ann'), feedUpdated('e2', 'ann'), feedUpdated('e3', 'bob'));
    expect(await failures(processBatch(service, event, lambdaContext(), controller.signal))).toEqual(['1', '2']);
    expect(written(service.notifications)).toEqual(expect.arrayContaining(['e1 fan-1', 'e1 fan-2', 'e1 fan-3']));
    expect(written(service.notifications)).not.toContain('e3 fan-1');
  });

  it('loses and doubles nothing when it dies at any write and the batch is delivered again', async () => {
    const event = batch(feedUpdated('e1', 'ann'), feedUpdated('e2', 'bob'), feedUpdated('e3', 'ann'));
    const expected = ['e1 fan-1', 'e1 fan-2', 'e1 fan-3', 'e2 fan-1', 'e3 fan-1', 'e3 fan-2', 'e3 fan-3'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { maxLength: 4 }), fc.boolean(), async (crashes, beforeWrite) => {
        const service = setUp();
        const putOnce = service.notifications.putOnce.bind(service.notifications);
        for (const crashAt of crashes) {
          let writes = 0;
          // From the crash on, this incarnation of the worker does nothing any more, and its answer is never heard.
          service.notifications.putOnce = async (...args) => {
            writes += 1;
            if (writes > crashAt) throw new Error('killed');
            if (writes < crashAt || !beforeWrite) await putOnce(...args);
            if (writes === crashAt) throw new Error('killed');
          };
          await processBatch(service, event, lambdaContext(), signal);
        }
        service.notifications.putOnce = putOnce;
        expect(await failures(processBatch(service, event, lambdaContext(), signal))).toEqual([]);
        expect(written(service.notifications)).toEqual(expected);
      }),
    );
  });
});
