import type { KinesisStreamBatchResponse } from 'aws-lambda';
import type { StreamWorker } from '../stream-worker.ts';
import type { InvocationContext } from './invocation-time.ts';
import type { StreamRecord } from './read-batch.ts';

/** A record in Lambda's event. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Base64; absent where the producer named none. */
  readonly key?: string | null;
  /** Base64. */
  readonly value?: string | null;
}

/** What Lambda calls the worker of a Kafka topic with (developer guide, "Using Lambda with Amazon MSK"). */
export interface KafkaEvent {
  readonly eventSource: 'aws:kafka';
  readonly eventSourceArn: string;
  readonly bootstrapServers: string;
  /** By topic and partition: `events-0`. */
  readonly records: Readonly<Record<string, readonly KafkaRecord[]>>;
}

/** A record as an answer names it ("Configuring error handling controls for Kafka event sources"). */
interface KafkaItem {
  readonly 'topic-partition': string;
  readonly offset: number;
}

/** The records that are not done. Lambda delivers again from the first of them in each partition. */
export interface KafkaBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: KafkaItem }[];
}

/** A worker as it is written: of records, whichever stream they are of. */
type RecordWorker = (
  event: { readonly Records: readonly StreamRecord[] },
  context: InvocationContext,
) => Promise<KinesisStreamBatchResponse>;

/**
 * Has a worker of Kinesis take batches of Kafka, too: the key of a record is its partition key, and partition and offset are
 * what the answer names it by. A record without a key keeps its place among those of its partition.
 */
export function takeKafkaToo(work: RecordWorker): StreamWorker {
  const either = async (
    event: { readonly Records: readonly StreamRecord[] } | KafkaEvent,
    context: InvocationContext,
  ): Promise<KinesisStreamBatchResponse | KafkaBatchResponse> => {
    if (!('records' in event)) return work(event, context);
    const items = new Map<string, KafkaItem>();
    const Records = Object.entries(event.records).flatMap(([partition, records]) =>
      records.map(({ key, value, offset }): StreamRecord => {
        const sequenceNumber = `${partition}:${offset}`;
        items.set(sequenceNumber, { 'topic-partition': partition, offset });
        const partitionKey = key ? Buffer.from(key, 'base64').toString('utf8') : partition;
        return { kinesis: { sequenceNumber, partitionKey, data: value ?? '' } };
      }),
    );
    const { batchItemFailures } = await work({ Records }, context);
    return {
      batchItemFailures: batchItemFailures.map(({ itemIdentifier }) => {
        const item = items.get(itemIdentifier);
        // An answer that names nobody is taken for one in which all went well.
        if (item === undefined) throw new RangeError(`the batch has no record '${itemIdentifier}'`);
        return { itemIdentifier: item };
      }),
    };
  };
  // Which answer goes with which event, the overloads say.
  return either as StreamWorker;
}
