import { randomBytes } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import type { DeliverySpec } from './delivery-spec.ts';
import type { DirectSource } from './direct-source.ts';
import { invalidArgument, notFound } from './firehose-error.ts';

/** A delivery stream as calls see it. */
export interface KnownDeliveryStream {
  readonly spec: DeliverySpec;
  /** `undefined`: its records come from a stream. */
  readonly direct: DirectSource | undefined;
  readonly createdMs: number;
}

export interface FirehoseServiceOptions {
  readonly streams: ReadonlyMap<string, KnownDeliveryStream>;
  readonly accountId: string;
  readonly nowMs: () => number;
}

/** "Amazon Data Firehose Quota": bytes of a record before base64, and what one call may have. */
const RECORD_MAX_BYTES = 1_000 * 1_024;
const BATCH_MAX_RECORDS = 500;
const BATCH_MAX_BYTES = 4 * 2 ** 20;

/** Firehose, API version 2015-08-04: what delivery streams there are the templates say. */
export function firehoseService({ streams, accountId, nowMs }: FirehoseServiceOptions): AwsService {
  const find = ({ DeliveryStreamName }: Input): KnownDeliveryStream => {
    const name = String(DeliveryStreamName ?? '');
    const found = streams.get(name);
    if (!found) throw notFound(name, accountId);
    return found;
  };
  const directOf = (input: Input): DirectSource => {
    const { direct } = find(input);
    if (direct) return direct;
    throw invalidArgument('This operation is not permitted on KinesisStreamAsSource delivery stream type.');
  };
  return {
    PutRecord: (input) => {
      const direct = directOf(input);
      const data = dataOf(input.Record);
      direct.put(data.toString('base64'), nowMs());
      return { RecordId: recordId(), Encrypted: false };
    },
    PutRecordBatch: (input) => {
      const direct = directOf(input);
      const { Records } = input;
      if (!Array.isArray(Records) || Records.length === 0 || Records.length > BATCH_MAX_RECORDS) {
        throw invalidArgument(`Records must have 1 to ${BATCH_MAX_RECORDS} entries`);
      }
      const all = Records.map(dataOf);
      const bytes = all.reduce((sum, { length }) => sum + length, 0);
      if (bytes > BATCH_MAX_BYTES)
        throw invalidArgument(`Records have ${bytes} bytes, and a batch at most ${BATCH_MAX_BYTES}`);
      for (const data of all) direct.put(data.toString('base64'), nowMs());
      return { FailedPutCount: 0, Encrypted: false, RequestResponses: all.map(() => ({ RecordId: recordId() })) };
    },
    ListDeliveryStreams: () => ({ DeliveryStreamNames: [...streams.keys()].sort(), HasMoreDeliveryStreams: false }),
    DescribeDeliveryStream: (input) => ({ DeliveryStreamDescription: describe(find(input)) }),
  };
}

function dataOf(record: unknown): Buffer {
  const { Data } = (record ?? {}) as { readonly Data?: unknown };
  if (typeof Data !== 'string') throw invalidArgument('a record needs Data');
  const data = Buffer.from(Data, 'base64');
  if (data.length <= RECORD_MAX_BYTES) return data;
  throw invalidArgument(`a record has at most ${RECORD_MAX_BYTES} bytes, got ${data.length}`);
}

function recordId(): string {
  return randomBytes(96).toString('base64');
}

function describe({ spec, createdMs }: KnownDeliveryStream): Record<string, unknown> {
  const { name, arn, source, bucket, roleArn, bufferBytes, bufferMs, isCompressed } = spec;
  return {
    ...{ DeliveryStreamName: name, DeliveryStreamARN: arn, DeliveryStreamStatus: 'ACTIVE', VersionId: '1' },
    ...{ DeliveryStreamType: source ? 'KinesisStreamAsSource' : 'DirectPut', HasMoreDestinations: false },
    CreateTimestamp: createdMs / 1_000,
    ...(source && {
      Source: {
        KinesisStreamSourceDescription: { KinesisStreamARN: source.streamArn, RoleARN: source.roleArn },
      },
    }),
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationDescription: {
          ...{ BucketARN: `arn:aws:s3:::${bucket}`, RoleARN: roleArn },
          BufferingHints: { SizeInMBs: bufferBytes / 2 ** 20, IntervalInSeconds: bufferMs / 1_000 },
          CompressionFormat: isCompressed ? 'GZIP' : 'UNCOMPRESSED',
        },
      },
    ],
  };
}
