import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { FailedRecords } from '../../../lib/messaging/failed-records.ts';
import { FailedRecordsBucket } from '../../../lib/messaging/failed-records-bucket.ts';
import { QueueWorker } from '../../../lib/messaging/queue-worker.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { WorkQueue } from '../../../lib/messaging/work-queue.ts';
import { AlarmTopic } from '../../../lib/monitoring/alarm-topic.ts';
import { FailedRecordsAlarms } from '../../../lib/monitoring/failed-records-alarms.ts';
import { StreamWorkerAlarms } from '../../../lib/monitoring/stream-worker-alarms.ts';
import { WorkQueueAlarms } from '../../../lib/monitoring/work-queue-alarms.ts';
import { FIXTURE_HANDLERS, flaggedApp } from '../../support/flagged-app.ts';
import {
  deadLetterFaults,
  runbookSections,
  type Templates,
  unreservedConsumers,
  visibilityFaults,
} from '../../support/messaging-rules.ts';

/** Every construct of messaging, in two stacks, with its alarms. */
function synthesize(): Templates {
  const app = flaggedApp();
  const data = new Stack(app, 'Data');
  const service = new Stack(app, 'Service');
  const worker = { handler: 'workers/echo', handlersDirectory: FIXTURE_HANDLERS, description: 'Works' } as const;
  const queue = new WorkQueue(data, 'Videos', {
    name: 'video',
    workerTimeout: Duration.seconds(60),
    maxBatchingWindow: Duration.seconds(5),
    maxAge: Duration.minutes(5),
  });
  const events = new EventStream(data, 'Events', { removalPolicy: RemovalPolicy.DESTROY });
  const table = new TableV2(data, 'Outbox', {
    partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
  });
  const failedRecords = new FailedRecordsBucket(data, 'Failed', { removalPolicy: RemovalPolicy.DESTROY });
  const action = new AlarmTopic(service, 'Alarms', { email: 'ops@example.com' });
  new QueueWorker(service, 'VideoWorker', {
    ...worker,
    queue,
    timeout: Duration.seconds(60),
    maxBatchingWindow: Duration.seconds(5),
    expectedItemTime: Duration.seconds(1),
  });
  new WorkQueueAlarms(service, 'VideoAlarms', { queue, action });
  const inBucket = FailedRecords.inBucket(failedRecords);
  const workers = {
    Notify: new StreamWorker(service, 'Notify', { ...worker, source: events }),
    Count: new StreamWorker(service, 'Count', { ...worker, source: events, fanOut: true, failedRecords: inBucket }),
    Relay: new StreamWorker(service, 'Relay', { ...worker, source: table, failedRecords: inBucket }),
  };
  for (const [name, each] of Object.entries(workers)) {
    new StreamWorkerAlarms(service, `${name}Alarms`, { worker: each, action });
  }
  new FailedRecordsAlarms(service, 'FailedRecordsAlarms', { failedRecords, action });
  return { Data: Template.fromStack(data).toJSON(), Service: Template.fromStack(service).toJSON() };
}

const made = synthesize();

/** The templates with their resources of a type, and of an id that begins so, changed, or without them. */
function changed(type: string, idPrefix: string, change?: (properties: Record<string, unknown>) => void): Templates {
  const copy = structuredClone(made) as Record<
    string,
    { Resources: Record<string, { Type: string; Properties: never }> }
  >;
  for (const { Resources } of Object.values(copy)) {
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      if (Type !== type || !id.startsWith(idPrefix)) continue;
      if (change) change(Properties);
      else delete Resources[id];
    }
  }
  return copy;
}

describe('the messaging constructs', () => {
  it('hide messages for as long as their worker may be at work', () => {
    expect(visibilityFaults(made)).toEqual([]);
  });

  it('leave what fails where an alarm with a runbook tells of it', () => {
    expect(deadLetterFaults(made)).toEqual([]);
  });
});

describe('visibilityFaults', () => {
  it('finds a queue whose messages come back a second too early', () => {
    const early = changed('AWS::SQS::Queue', 'VideosQueue', (queue) => {
      queue.VisibilityTimeout = 364;
    });
    expect(visibilityFaults(early)).toEqual([
      expect.stringMatching(
        /^Data\/VideosQueue\w+: visible again after 364 s, want 365 s for Service\/VideoWorkerSource\w+$/,
      ),
    ]);
  });
});

describe('deadLetterFaults', () => {
  const ALARM = 'AWS::CloudWatch::Alarm';
  it.each<[string, Templates, string[]]>([
    [
      'a queue without dead letters',
      changed('AWS::SQS::Queue', 'VideosQueue', (queue) => {
        delete queue.RedrivePolicy;
      }),
      ['Data/VideosDeadLetters: has nowhere to leave what fails', 'Data/VideosQueue: has nowhere to leave what fails'],
    ],
    [
      'a consumer without a destination',
      changed('AWS::Lambda::EventSourceMapping', 'RelaySource', (mapping) => {
        delete mapping.DestinationConfig;
      }),
      ['Service/RelaySource: has nowhere to leave what fails'],
    ],
    [
      'a bucket that tells nobody',
      changed('AWS::S3::Bucket', 'Failed', (bucket) => {
        delete bucket.NotificationConfiguration;
      }),
      [
        'Service/CountSource: has nowhere to leave what fails',
        'Service/RelaySource: has nowhere to leave what fails',
        'Data/FailedNotices: has nowhere to leave what fails',
      ],
    ],
    [
      'a subscription without dead letters',
      changed('AWS::SNS::Subscription', 'Alarms', (subscription) => {
        delete subscription.RedrivePolicy;
      }),
      ['Service/Alarmsopsexamplecom: has nowhere to leave what fails', 'Service/AlarmsUndelivered: has nowhere'],
    ],
    [
      'dead letters that nobody is told of',
      changed(ALARM, 'VideoAlarmsDeadLetters'),
      ['Data/VideosDeadLetters: no alarm by ApproximateNumberOfMessagesVisible'],
    ],
    [
      'a queue whose age nobody is told of',
      changed(ALARM, 'VideoAlarmsOldestAge'),
      ['Data/VideosQueue: no alarm by ApproximateAgeOfOldestMessage'],
    ],
    [
      'a lag that nobody is told of',
      changed(ALARM, 'CountAlarmsIteratorAge'),
      ['Service/CountWorkerFunction: no alarm by IteratorAge'],
    ],
    [
      'an alarm without a runbook',
      changed(ALARM, 'FailedRecordsAlarms', (alarm) => {
        alarm.AlarmDescription = 'Look.';
      }),
      ['Service/FailedRecordsAlarmsFailedRecords: names no runbook'],
    ],
    [
      'a section that there is not',
      changed(ALARM, 'FailedRecordsAlarms', (alarm) => {
        alarm.AlarmDescription = 'Runbook: docs/runbooks/messaging.md#gone';
      }),
      ['Service/FailedRecordsAlarmsFailedRecords: there is no section docs/runbooks/messaging.md#gone'],
    ],
  ])('finds %s', (_name, templates, faults) => {
    // Without the hashes of logical ids.
    const found = deadLetterFaults(templates).map((fault) => fault.replace(/[0-9A-F]{8}(?=:)/, ''));
    expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)));
  });
});

describe('unreservedConsumers', () => {
  it('names those that a backlog lets take as much as there is', () => {
    const reserved = changed('AWS::Lambda::Function', 'Count', (worker) => {
      worker.ReservedConcurrentExecutions = 5;
    });
    expect(unreservedConsumers(reserved)).toEqual([
      expect.stringMatching(/^Service\/VideoWorkerSource\w+$/),
      expect.stringMatching(/^Service\/NotifySource\w+$/),
      expect.stringMatching(/^Service\/RelaySource\w+$/),
    ]);
  });
});

describe('runbookSections', () => {
  it('names the headings of each file as GitHub does', () => {
    const sections = runbookSections();
    expect(sections).toContain('messaging.md#work-queue-oldest-age');
    expect(sections).toContain('admission.md#parking-oldestage');
    expect(sections).toContain('admission.md#admissioncontrollerfailing');
  });
});
