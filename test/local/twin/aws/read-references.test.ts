import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceReaders } from '../../../../local/twin/aws/read-references.ts';
import { type RunningAws, runAws, secretArn } from '../../../support/running-aws.ts';

describe('referenceReaders', () => {
  let running: RunningAws;
  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  it('reads the current value of a secret, and a parameter by name', async () => {
    await running.aws.call('ssm', 'PutParameter', { Name: '/motto', Value: 'plain', Type: 'String' });
    const { readSecret, readParameter } = referenceReaders(running.aws);
    expect(JSON.parse(readSecret({ secretId: secretArn }))).toMatchObject({ user: 'ada' });
    expect(readParameter({ name: '/motto', isSecure: false })).toBe('plain');
  });

  it('fails on what is not there, as AWS does', () => {
    const { readSecret, readParameter } = referenceReaders(running.aws);
    expect(() => readSecret({ secretId: 'none' })).toThrow("Secrets Manager can't find the specified secret.");
    expect(() => readParameter({ name: '/none', isSecure: false })).toThrow();
  });
});
