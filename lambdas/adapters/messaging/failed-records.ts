import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Env } from '../../contract/environment.ts';
import { awsClientOptions } from '../aws-client-options.ts';
import type { Clock } from '../clock.ts';
import { type Environment, readVariable } from '../read-environment.ts';

/** A record of a table's stream, as Lambda delivers it; with more, which is kept. */
export interface TableRecord {
  readonly eventID?: string | undefined;
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?:
    | { readonly SequenceNumber?: string | undefined; readonly ApproximateCreationDateTime?: number | undefined }
    | undefined;
}

/** Who gives a record up. */
export interface GivingUp {
  /** As Lambda names it: with the alias. */
  readonly functionArn: string;
  readonly requestId: string;
  /** Why, in a word: Lambda's own are `RetryAttemptsExhausted` and the like. */
  readonly condition: string;
}

/** Where records are kept that a worker gives up by itself, beside those that Lambda gives up for it. */
export interface FailedRecords {
  /**
   * Leaves one record of a table's stream for whoever redrives. Once more it is written over, and told of again. Rejects where
   * it may not be there.
   */
  put(record: TableRecord, by: GivingUp, signal: AbortSignal): Promise<void>;
}

/** Lambda's prefix, below which a worker may write, and where it would have the id of a mapping. */
const PREFIX = 'aws/lambda/given-up/';

/** Writes what Lambda itself writes ("Retain discarded records for a DynamoDB event source"): nobody has to tell them apart. */
export function createFailedRecords(client: S3Client, bucket: string, clock: Clock): FailedRecords {
  return {
    async put(record, by, signal) {
      const { eventID = '', dynamodb } = record;
      const { SequenceNumber: sequenceNumber } = dynamodb ?? {};
      if (!sequenceNumber) throw new TypeError('a record without a sequence number has no place of its own');
      const { functionArn, requestId, condition } = by;
      const body = {
        requestContext: { requestId, functionArn, condition, approximateInvokeCount: 1 },
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        DDBStreamBatchInfo: batchInfo(record, sequenceNumber),
        payload: JSON.stringify({ Records: [record] }),
      };
      const command = new PutObjectCommand({
        Bucket: bucket,
        // Sequence numbers are those of a shard, ids of events of all the world.
        Key: `${PREFIX}${sequenceNumber}-${eventID}`,
        Body: JSON.stringify(body),
        ContentType: 'application/json',
      });
      await client.send(command, { abortSignal: signal });
    },
  };
}

function batchInfo({ eventSourceARN = '', dynamodb }: TableRecord, sequenceNumber: string) {
  const { ApproximateCreationDateTime: createdSeconds } = dynamodb ?? {};
  const arrival = createdSeconds && `${new Date(createdSeconds * 1_000).toISOString().slice(0, 19)}Z`;
  return {
    // Lambda tells a function no shards.
    shardId: 'unknown',
    startSequenceNumber: sequenceNumber,
    endSequenceNumber: sequenceNumber,
    ...(arrival && { approximateArrivalOfFirstRecord: arrival, approximateArrivalOfLastRecord: arrival }),
    batchSize: 1,
    streamArn: eventSourceARN,
  };
}

/** Those of one Lambda environment; undefined where the worker's failed records are not kept in a bucket. */
export function createEnvironmentFailedRecords(environment: Environment, clock: Clock): FailedRecords | undefined {
  if (environment[Env.FAILED_RECORDS_BUCKET] === undefined) return undefined;
  const bucket = readVariable(environment, Env.FAILED_RECORDS_BUCKET);
  // TLS guards what is on its way.
  const client = new S3Client({ ...awsClientOptions(), requestChecksumCalculation: 'WHEN_REQUIRED' });
  return createFailedRecords(client, bucket, clock);
}
