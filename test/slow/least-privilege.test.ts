import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { UnusedGrant } from '../../local/twin/aws/iam/grant-usage.ts';
import { SkippableTime } from '../../local/twin/skippable-time.ts';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { editedAssembly } from '../support/edited-assembly.ts';
import { exerciseStage } from '../support/exercise-stage.ts';

/** Granted, and used by nothing that this test can bring about → why it is granted all the same. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  'NotificationsWorker/Worker/Role kinesis:DescribeStreamSummary Events':
    'Lambda asks for it when it makes the mapping (AWSLambdaKinesisExecutionRole); the twin looks at the stream otherwise',
  'AnalyticsWorker/Worker/Role kinesis:DescribeStreamSummary Events': 'as of the other consumer',
  'OutboxRelay/Relay/Worker/Role dynamodb:ListStreams Tables/Outbox/stream':
    'CreateEventSourceMapping wants to see it allowed, and nothing calls it',
  'ActivityWorker/Worker/Role sqs:ChangeMessageVisibility ActivityWork/Queue':
    'delays what could not be put into the outbox, which here can always be written to',
  'Api/Feed/Role dynamodb:DeleteItem Tables/Idempotency':
    'forgets requests that came to nothing; none does where the tables can be written to',
  'Api/Drill/Role dynamodb:DeleteItem Tables/Parked': 'withdraws what the parking queue did not take',
  'Api/Tenants/Role apigateway:GET arn:aws:apigateway:us-east-1::/apikeys':
    'finds the key of a tenant whose creation was cut off before the key was written down',
  ...Object.fromEntries(
    [
      's3:AbortMultipartUpload EventArchive/Bucket/errors/*',
      's3:AbortMultipartUpload EventArchive/Bucket/events/*',
      's3:GetBucketLocation EventArchive/Bucket',
      's3:GetObject EventArchive/Bucket/errors/*',
      's3:GetObject EventArchive/Bucket/events/*',
      's3:ListBucket EventArchive/Bucket',
      's3:ListBucketMultipartUploads EventArchive/Bucket',
      's3:PutObject EventArchive/Bucket/errors/*',
    ].map((grant) => [
      `EventArchive/Role ${grant}`,
      'Firehose wants it for any destination in S3, and does as it likes',
    ]),
  ),
};
/** The worker finds that a parked request is too late, or whoever asks for it does; both may, and it depends on who is first. */
const USED_BY_CHANCE = 'Api/Parked/Role dynamodb:UpdateItem Tables/Parked';

describe('a stage with which everything was done that can be done', () => {
  // What fails is given up at once: what becomes of it then is to be seen.
  const hasty = editedAssembly(inject('devAssembly'), ({ Type, Properties }) => {
    if (Type === 'AWS::Lambda::EventSourceMapping' && 'MaximumRetryAttempts' in Properties) {
      Properties.MaximumRetryAttempts = 0;
    }
  });
  const time = new SkippableTime();
  let twin: Twin;

  /** `Api/Feed/Role dynamodb:PutItem Tables/Posts`. */
  function nameOf({ role, action, resource }: UnusedGrant): string {
    for (const { path, physicalId } of twin.resources) {
      // Of a queue that is a URL.
      const [, rest] = resource.split(physicalId.slice(physicalId.lastIndexOf('/') + 1), 2);
      if (rest === undefined) continue;
      const place = path.replace(/^\w+\//, '').replace(/(\/Resource)+$/, '');
      return `${role} ${action} ${place}${rest.replace(/^\/stream\/.*/, '/stream')}`;
    }
    return `${role} ${action} ${resource}`;
  }

  beforeAll(async () => {
    const embeddedCache = process.env.SPILLWAY_TEST_CACHE === 'embedded';
    twin = await startTwin({ assemblyDir: hasty.directory, port: 0, embeddedCache, time });
    await exerciseStage(twin, time);
  }, 300_000);
  afterAll(async () => {
    await twin?.close();
    hasty.remove();
  });

  it('was denied nothing', () => {
    expect(twin.iamReport().denied).toEqual([]);
  });

  it('has used all that it was granted, but for what is acknowledged', () => {
    const unused = twin.iamReport().unused.map(nameOf);
    expect(unused.filter((grant) => grant !== USED_BY_CHANCE).sort()).toEqual(Object.keys(ACKNOWLEDGED).sort());
  });
});
