import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, type RunningAws, region, runAws } from '../../../../support/running-aws.ts';

const functionArn = `arn:aws:lambda:${region}:${accountId}:function:controller`;

describe('a change of a parameter', () => {
  let running: RunningAws;
  const invoked: unknown[] = [];
  beforeAll(async () => {
    running = await runAws();
    running.onInvoke(async (_name, event) => {
      invoked.push(event);
      return { ok: true, payload: null };
    });
  });
  afterAll(() => running.aws.close());

  it('reaches the functions of rules that name the parameter, and no others', async () => {
    const events = new EventBridgeClient(running.clientOptions());
    const ssm = new SSMClient(running.clientOptions());
    const EventPattern = JSON.stringify({
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: { name: ['/spillway/dev/levers'] },
    });
    await events.send(new PutRuleCommand({ Name: 'levers', EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'levers', Targets: [{ Id: 't', Arn: functionArn }] }));
    const put = (Name: string, Value: string) =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
    await put('/spillway/prod/levers', '{}');
    await put('/spillway/dev/levers', '{}');
    await put('/spillway/dev/levers', '{"shedBelow":"critical"}');
    await expect.poll(() => invoked).toHaveLength(2);
    expect(invoked).toMatchObject([
      { source: 'aws.ssm', account: accountId, detail: { operation: 'Create', name: '/spillway/dev/levers' } },
      { detail: { operation: 'Update', type: 'String' } },
    ]);
    expect(invoked[0]).toMatchObject({
      resources: [`arn:aws:ssm:${region}:${accountId}:parameter/spillway/dev/levers`],
    });
  });
});
