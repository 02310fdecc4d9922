import { describe, expect, it } from 'vitest';
import { mappingSpec } from '../../../../../local/twin/functions/event-sources/mapping-spec.ts';
import { resource } from '../../../../support/running-aws.ts';

const kinesis = 'arn:aws:kinesis:eu-west-1:111122223333:stream/events';
const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/posts/stream/2026-11-01T00:00:00.000';
const queue = 'arn:aws:sqs:eu-west-1:111122223333:work';
const fifo = `${queue}.fifo`;

function read(EventSourceArn: string, properties: Record<string, unknown> = {}) {
  const isQueue = EventSourceArn.includes(':sqs:');
  return mappingSpec(
    resource('AWS::Lambda::EventSourceMapping', 'Mapping', {
      EventSourceArn,
      FunctionName: 'worker',
      ...(!isQueue && { StartingPosition: 'TRIM_HORIZON' }),
      ...properties,
    }),
  );
}

describe('mapping spec', () => {
  it('has the defaults of CreateEventSourceMapping for streams', () => {
    expect(read(kinesis)?.source).toEqual({
      service: 'kinesis',
      startingPosition: { kind: 'TRIM_HORIZON' },
      parallelizationFactor: 1,
      onFailureArn: undefined,
      lane: {
        batchSize: 100,
        batchingWindowMs: 0,
        bisectOnError: false,
        maxRetryAttempts: Number.POSITIVE_INFINITY,
        maxRecordAgeMs: Number.POSITIVE_INFINITY,
        tumblingWindowMs: 0,
      },
    });
    expect(read(table)?.source.service).toBe('dynamodb');
  });

  it('has the defaults of CreateEventSourceMapping for queues', () => {
    expect(read(queue)?.source).toEqual({
      service: 'sqs',
      queueName: 'work',
      isFifo: false,
      batchSize: 10,
      batchingWindowMs: 0,
      maxConcurrency: Number.POSITIVE_INFINITY,
      provisioned: undefined,
    });
  });

  it('takes numbers and booleans as text, as parameters of a template give them', () => {
    const spec = read(kinesis, { BatchSize: '7', BisectBatchOnFunctionError: 'true', MaximumRetryAttempts: '-1' });
    expect(spec?.source).toMatchObject({
      lane: { batchSize: 7, bisectOnError: true, maxRetryAttempts: Number.POSITIVE_INFINITY },
    });
  });

  it('takes the boundaries of each range', () => {
    expect(
      read(kinesis, { BatchSize: 10_000, MaximumRecordAgeInSeconds: 60, TumblingWindowInSeconds: 900 }),
    ).toBeDefined();
    expect(read(queue, { BatchSize: 10_000, MaximumBatchingWindowInSeconds: 1 })).toBeDefined();
    expect(read(fifo, { BatchSize: 10 })).toBeDefined();
    expect(read(queue, { ScalingConfig: { MaximumConcurrency: 2 } })?.source).toMatchObject({ maxConcurrency: 2 });
    const ProvisionedPollerConfig = { MinimumPollers: 200, MaximumPollers: 2_000 };
    expect(read(queue, { ProvisionedPollerConfig })?.source).toMatchObject({
      provisioned: { minPollers: 200, maxPollers: 2_000 },
    });
  });

  it('is nothing where the mapping is switched off', () => {
    expect(read(kinesis, { Enabled: false })).toBeUndefined();
    expect(read(queue, { Enabled: 'false' })).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string]>([
    [kinesis, { BatchSize: 0 }, 'BatchSize must be a whole number from 1 to 10000, got 0'],
    [kinesis, { BatchSize: 10_001 }, 'BatchSize must be a whole number from 1 to 10000, got 10001'],
    [kinesis, { BatchSize: 1.5 }, 'BatchSize must be a whole number from 1 to 10000, got 1.5'],
    [kinesis, { BatchSize: '' }, 'BatchSize must be a whole number from 1 to 10000, got ""'],
    [kinesis, { ParallelizationFactor: 11 }, 'ParallelizationFactor must be a whole number from 1 to 10, got 11'],
    [
      kinesis,
      { MaximumRetryAttempts: -2 },
      'MaximumRetryAttempts must be a whole number from 0 to 10000, or -1, got -2',
    ],
    [
      kinesis,
      { MaximumRecordAgeInSeconds: 59 },
      'MaximumRecordAgeInSeconds must be a whole number from 60 to 604800, or -1, got 59',
    ],
    [
      kinesis,
      { MaximumBatchingWindowInSeconds: 301 },
      'MaximumBatchingWindowInSeconds must be a whole number from 0 to 300, got 301',
    ],
    [
      kinesis,
      { TumblingWindowInSeconds: 901 },
      'TumblingWindowInSeconds must be a whole number from 0 to 900, got 901',
    ],
    [
      kinesis,
      { TumblingWindowInSeconds: 10, ParallelizationFactor: 2 },
      'the twin keeps one tumbling window a shard: set ParallelizationFactor to 1, got 2',
    ],
    [
      kinesis,
      { StartingPosition: undefined },
      'StartingPosition must be TRIM_HORIZON, LATEST or AT_TIMESTAMP, got none',
    ],
    [
      kinesis,
      { StartingPosition: 'AT_TIMESTAMP' },
      'AT_TIMESTAMP needs a StartingPositionTimestamp in Unix seconds, got none',
    ],
    [table, { StartingPosition: 'AT_TIMESTAMP' }, 'StartingPosition must be TRIM_HORIZON or LATEST, got AT_TIMESTAMP'],
    [
      kinesis,
      { DestinationConfig: { OnFailure: { Destination: 'kafka://failures' } } },
      'the twin reports failures to queues of SQS, topics of SNS and buckets of S3, got kafka://failures; it has no Kafka',
    ],
    [kinesis, { ScalingConfig: {} }, 'ScalingConfig is for queues, the source is a stream; remove it'],
    [kinesis, { FunctionResponseTypes: ['All'] }, 'FunctionResponseTypes may hold ReportBatchItemFailures, got All'],
    [kinesis, { FunctionName: '' }, "FunctionName must name a function, got ''"],
    [queue, { StartingPosition: 'LATEST' }, 'StartingPosition is for streams, the source is a queue; remove it'],
    [fifo, { BatchSize: 11 }, 'BatchSize must be a whole number from 1 to 10, got 11'],
    [fifo, { MaximumBatchingWindowInSeconds: 1 }, 'Batching window is not supported for FIFO queues'],
    [
      queue,
      { BatchSize: 11 },
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      queue,
      { ScalingConfig: { MaximumConcurrency: 1 } },
      'MaximumConcurrency must be a whole number from 2 to 1000, got 1',
    ],
    [
      queue,
      { ScalingConfig: { MaximumConcurrency: 2 }, ProvisionedPollerConfig: {} },
      'ScalingConfig and ProvisionedPollerConfig exclude each other; remove one',
    ],
    [
      queue,
      { ProvisionedPollerConfig: { MinimumPollers: 20, MaximumPollers: 19 } },
      'MaximumPollers must be at least MinimumPollers (20), got 19',
    ],
    [
      'arn:aws:s3:::bucket',
      {},
      'the twin reads SQS queues and streams of Kinesis and DynamoDB, got arn:aws:s3:::bucket',
    ],
  ])('fails on %s with %j', (arn, properties, message) => {
    expect(() => read(arn, properties)).toThrow(`event source mapping 'Mapping' of stack 'Stack': ${message}`);
  });
});
