import { describe, expect, it } from 'vitest';
import { takeKafkaToo } from '../../../../lambdas/middleware/workers/kafka-event.ts';
import type { StreamRecord } from '../../../../lambdas/middleware/workers/read-batch.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';
import { kafkaEvent, recordedKafkaEvent } from '../../../support/recorded-events.ts';
import { feedUpdated, kinesisEvent, kinesisRecord } from '../../../support/worker-events.ts';

/** A worker that names these as not done, and remembers what it was given. */
function noting(...failed: string[]) {
  const seen: StreamRecord['kinesis'][] = [];
  const worker = takeKafkaToo(async ({ Records }) => {
    seen.push(...Records.map(({ kinesis }) => kinesis));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
  return { seen, worker };
}

describe('a worker that takes Kafka, too', () => {
  it('is given the recorded event by partition and offset, key and value', async () => {
    const { seen, worker } = noting();
    expect(await worker(recordedKafkaEvent(), lambdaContext())).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([
      {
        sequenceNumber: 'mytopic-0:15',
        partitionKey: Buffer.from('abcDEFghiJKLmnoPQRstuVWXyz1234==', 'base64').toString('utf8'),
        data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
      },
    ]);
  });

  it('names what is not done as Lambda wants it named of Kafka', async () => {
    const { worker } = noting('events-1:7', 'events-0:3');
    const event = kafkaEvent({ offset: 3, value: 'a' }, { partition: 1, offset: 7, value: 'b' });
    expect(await worker(event, lambdaContext())).toEqual({
      batchItemFailures: [
        { itemIdentifier: { 'topic-partition': 'events-1', offset: 7 } },
        { itemIdentifier: { 'topic-partition': 'events-0', offset: 3 } },
      ],
    });
  });

  it('keeps records without a key in the order of their partition', async () => {
    const { seen, worker } = noting();
    const none = { key: null, value: 'a' };
    await worker(
      kafkaEvent({ ...none, offset: 1 }, { ...none, offset: 2 }, { ...none, partition: 1, offset: 1 }),
      lambdaContext(),
    );
    expect(seen.map(({ partitionKey }) => partitionKey)).toEqual(['events-0', 'events-0', 'events-1']);
  });

  it('is given a record without a value as one that is empty, and no event', async () => {
    const { seen, worker } = noting();
    const event = recordedKafkaEvent();
    await worker(
      { ...event, records: { 'events-0': [{ topic: 'events', partition: 0, offset: 1 }] } },
      lambdaContext(),
    );
    expect(seen.map(({ data }) => data)).toEqual(['']);
  });

  it('answers Kinesis as ever', async () => {
    const { seen, worker } = noting('1');
    const record = kinesisRecord(1, feedUpdated('e1'));
    expect(await worker(kinesisEvent(record), lambdaContext())).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    });
    expect(seen).toEqual([record.kinesis]);
  });

  it('fails where a record is named that was not there: an empty answer would pass for success', async () => {
    const { worker } = noting('events-0:99');
    await expect(worker(kafkaEvent({ offset: 1, value: 'a' }), lambdaContext())).rejects.toThrow(
      "the batch has no record 'events-0:99'",
    );
  });
});
