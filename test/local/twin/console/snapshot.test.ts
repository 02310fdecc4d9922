import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { RecentRequests } from '../../../../local/twin/console/recent-requests.ts';
import { type SnapshotSources, takeSnapshot } from '../../../../local/twin/console/snapshot.ts';
import { consoleSnapshot } from '../../../support/console-snapshot.ts';
import { restApi } from '../../../support/running-api.ts';
import { queueArn, type RunningAws, region, resource, runAws } from '../../../support/running-aws.ts';

describe('takeSnapshot', () => {
  let running: RunningAws;
  let requests: RecentRequests;

  beforeEach(async () => {
    running = await runAws();
    requests = new RecentRequests();
  });
  afterEach(() => running.aws.close());

  const sources = (resources: readonly ResolvedResource[] = []): SnapshotSources => ({
    stage: 'dev',
    startedAtMs: 0,
    nowMs: Date.now,
    region,
    cache: 'none',
    apis: [restApi()],
    resources,
    notices: [{ type: 'AWS::CloudWatch::Alarm', count: 2 }],
    ignored: ['a sentence'],
    functions: { status: () => [] },
    eventSources: [{ logicalId: 'S', functionName: 'worker', streamArn: queueArn('work'), backlog: 3 }],
    aws: running.aws,
    iamReport: () => ({ mode: 'enforce', denied: [{ message: 'no', count: 1 }], unused: [] }),
    requests,
  });

  it('looks into every room of a running endpoint', async () => {
    const { aws } = running;
    await aws.call('dynamodb', 'PutItem', { TableName: 'posts', Item: { author: { S: 'ada' }, post: { S: '1' } } });
    await aws.call('kinesis', 'PutRecord', { StreamName: 'events', PartitionKey: 'a', Data: 'YQ==' });
    await aws.call('sqs', 'SendMessage', { QueueUrl: `${aws.url}/000000000000/work`, MessageBody: 'x' });
    await aws.call('sns', 'CreateTopic', { Name: 'news' });
    await aws.call('ssm', 'PutParameter', { Name: '/greeting', Value: 'hello', Type: 'String' });
    aws.putMetrics('Feed', [
      {
        MetricName: 'Posts',
        Dimensions: [],
        Timestamp: Date.now() / 1_000,
        Unit: 'Count',
        Value: 1,
      },
    ]);
    expect(takeSnapshot(sources())).toMatchObject({
      stage: 'dev',
      awsEndpointUrl: aws.url,
      region,
      iam: { denied: [{ message: 'no', count: 1 }] },
      apis: [{ kind: 'REST', name: 'Rest', routes: [{ path: '/feed' }] }],
      tables: [{ name: 'posts', items: 1 }],
      streams: [{ name: 'events', shards: 4, records: 1 }],
      queues: [
        { name: 'dead', visible: 0, takesDeadLetters: true },
        { name: 'work', visible: 1, deadLetterQueue: 'dead' },
      ],
      eventSources: [{ kind: 'queue', source: 'work', target: 'worker', backlog: 3 }],
      topics: [{ name: 'news' }],
      parameters: [{ name: '/greeting', value: 'hello' }],
      secrets: [{ isRotating: false }],
      metrics: [{ namespace: 'Feed', name: 'Posts', count: 1 }],
      notices: [{ type: 'AWS::CloudWatch::Alarm', count: 2 }],
      ignored: ['a sentence'],
    });
  });

  it('names resources as another synthesis of the stage does', () => {
    const labelOf = (path: string) =>
      takeSnapshot(sources([{ ...resource('AWS::DynamoDB::Table', 'posts', {}), path }])).tables[0]?.label;
    expect([labelOf('Tables/Posts/Resource'), labelOf('Data/Posts/Resource')]).toEqual(['Tables/Posts', 'Data/Posts']);
  });

  it('leaves the lines of the access log out: nobody reads them here', () => {
    const [request] = consoleSnapshot().requests;
    if (request) requests.add({ ...request, line: 'a long line' } as Parameters<RecentRequests['add']>[0]);
    const { requests: shown, unserved } = takeSnapshot(sources());
    expect([shown.length, unserved.length]).toEqual([1, 1]);
    expect(JSON.stringify([shown, unserved])).not.toContain('a long line');
  });
});
