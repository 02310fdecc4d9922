import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamCapacity } from '../../../lib/messaging/stream-capacity.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function templateOf(retention?: Duration, capacity?: StreamCapacity): Template {
  const stack = flaggedStack();
  new EventStream(stack, 'Events', {
    removalPolicy: RemovalPolicy.RETAIN,
    ...(retention && { retention }),
    ...(capacity && { capacity }),
  });
  return Template.fromStack(stack);
}

describe('EventStream', () => {
  it('scales by itself, is encrypted, and is named by CloudFormation', () => {
    templateOf().hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: {
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
        RetentionPeriodHours: 24,
        ShardCount: Match.absent(),
        WarmThroughputMiBps: Match.absent(),
        Name: Match.absent(),
      },
    });
  });

  it('keeps events for as long as it is told', () => {
    templateOf(Duration.days(365)).hasResourceProperties('AWS::Kinesis::Stream', { RetentionPeriodHours: 8_760 });
  });

  it('takes a rush at once where it is told of one', () => {
    templateOf(undefined, StreamCapacity.onDemand({ warmMebibytesPerSecond: 100 })).hasResourceProperties(
      'AWS::Kinesis::Stream',
      { StreamModeDetails: { StreamMode: 'ON_DEMAND' }, WarmThroughputMiBps: 100 },
    );
  });

  it('has as many shards as it is told', () => {
    templateOf(undefined, StreamCapacity.provisioned({ shards: 8 })).hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      ShardCount: 8,
    });
  });

  it('fails on a stream without shards', () => {
    expect(() => templateOf(undefined, StreamCapacity.provisioned({ shards: 0 }))).toThrow(
      'event stream: shards must be a whole number between 1 and 10000, got 0 [Stack/Events]',
    );
  });

  it.each([
    [Duration.hours(23), '23 hours'],
    [Duration.days(366), '366 days'],
  ])('fails on a retention of %s', (retention, text) => {
    expect(() => templateOf(retention)).toThrow(
      `event stream: retention must be whole hours between 1 day and 365 days, got ${text} [Stack/Events]`,
    );
  });
});
