import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLeversParameter } from '../../../../lambdas/adapters/controls/levers-parameter.ts';
import { type SsmRoom, startSsm } from '../../../../local/twin/aws/ssm/ssm-room.ts';
import { type RunningService, runService } from '../../../support/running-service.ts';

const name = '/dev/levers';

describe('levers parameter', () => {
  let running: RunningService<SsmRoom>;
  beforeEach(async () => {
    running = await runService(startSsm, { name: 'ssm' });
  });
  afterEach(() => running.close());

  const parameter = () => createLeversParameter(new SSMClient(running.client()), name);
  const put = (value: string) => running.room.store.put({ name, value, type: 'String', modifiedBy: `arn:${value}` });

  it('reads the newest value', async () => {
    put('one');
    put('two');
    expect(await parameter().current()).toMatchObject({ version: 2, value: 'two' });
  });

  it('reads all pages of the history, newest first, with who and when', async () => {
    for (let version = 1; version <= 60; version += 1) put(`v${version}`);
    const history = await parameter().history();
    expect(history).toHaveLength(60);
    expect(history[0]).toEqual({
      version: 60,
      value: 'v60',
      changedAt: new Date(running.clock.now()).toISOString(),
      changedBy: 'arn:v60',
    });
    expect(history.at(-1)?.version).toBe(1);
  });

  it('fails where there is no such parameter', async () => {
    await expect(parameter().current()).rejects.toThrow('Parameter /dev/levers not found.');
    await expect(parameter().history()).rejects.toThrow('Parameter /dev/levers not found.');
  });
});
