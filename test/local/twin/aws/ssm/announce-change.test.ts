import * as sdk from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsContext } from '../../../../../local/twin/aws/aws-room.ts';
import { OWNER, type Principal } from '../../../../../local/twin/aws/principal.ts';
import { type SsmRoom, startSsm } from '../../../../../local/twin/aws/ssm/ssm-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const ARN = 'arn:aws:ssm:eu-west-1:000000000000:parameter/app/levers';
const template = (Value: string) => resource('AWS::SSM::Parameter', '/app/levers', { Type: 'String', Value });
const OPERATOR: Principal = {
  kind: 'role',
  roleArn: 'arn:aws:iam::000000000000:role/ops/operator',
  sessionName: 'ada',
};

describe('announceChange', () => {
  let running: RunningService<SsmRoom>;
  let ssm: sdk.SSMClient;
  let put: readonly { readonly Source: string; readonly Detail: string }[] = [];
  let isRefused = false;
  beforeEach(async () => {
    put = [];
    isRefused = false;
    const callAws: AwsContext['callAws'] = async (service, operation, { Entries }) => {
      if (isRefused) throw new Error('no bus');
      expect([service, operation]).toEqual(['events', 'PutEvents']);
      put = [...put, ...(Entries as typeof put)];
      return {};
    };
    const principalOf = (key: string | undefined) => (key === 'ASIAOPERATOR00000000' ? OPERATOR : OWNER);
    running = await runService((context) => startSsm({ ...context, callAws }, principalOf), {
      name: 'ssm',
      resources: [template('{}')],
    });
    ssm = new sdk.SSMClient(running.client('ASIAOPERATOR00000000'));
  });
  afterEach(() => running.close());

  const write = (Value: string, more: Partial<sdk.PutParameterCommandInput> = {}) =>
    ssm.send(new sdk.PutParameterCommand({ Name: '/app/levers', Value, Overwrite: true, ...more }));

  it('puts each change on the default bus, as AWS describes it, without the value', async () => {
    await write('{"reason":"secret"}', { Description: 'by hand' });
    expect(put).toEqual([
      {
        Source: 'aws.ssm',
        DetailType: 'Parameter Store Change',
        Resources: [ARN],
        Detail: JSON.stringify({ operation: 'Update', name: '/app/levers', type: 'String', description: 'by hand' }),
      },
    ]);
    await ssm.send(new sdk.LabelParameterVersionCommand({ Name: '/app/levers', Labels: ['stable'] }));
    await ssm.send(new sdk.DeleteParameterCommand({ Name: '/app/levers' }));
    await write('{}', { Type: 'String', Overwrite: false });
    const operations = put.map(({ Detail }) => (JSON.parse(Detail) as { operation: string }).operation);
    expect(operations).toEqual(['Update', 'LabelParameterVersion', 'Delete', 'Create']);
  });

  it('says nothing of what a deployment creates, and does of what another one changes', async () => {
    expect(put).toEqual([]);
    await running.room.provision([template('{"reason":"deployed"}')]);
    expect(put).toHaveLength(1);
  });

  it('does not fail the change where no bus takes it', async () => {
    isRefused = true;
    await expect(write('{"a":1}')).resolves.toMatchObject({ Version: 2 });
    await expect
      .poll(() => running.log)
      .toEqual(['the change of the parameter /app/levers reached no event bus: no bus']);
  });

  it('lets the history say who wrote each version, and when', async () => {
    running.clock.advance(60_000);
    await write('{"reason":"by an operator"}');
    const { Parameters } = await ssm.send(new sdk.GetParameterHistoryCommand({ Name: '/app/levers' }));
    expect(Parameters?.map(({ LastModifiedUser }) => LastModifiedUser)).toEqual([
      'arn:aws:iam::000000000000:root',
      'arn:aws:sts::000000000000:assumed-role/operator/ada',
    ]);
    const [created, changed] = Parameters?.map(({ LastModifiedDate }) => LastModifiedDate?.getTime() ?? 0) ?? [];
    expect((changed ?? 0) - (created ?? 0)).toBe(60_000);
    const { Parameters: described } = await ssm.send(new sdk.DescribeParametersCommand({}));
    expect(described?.[0]?.LastModifiedUser).toBe('arn:aws:sts::000000000000:assumed-role/operator/ada');
  });
});
