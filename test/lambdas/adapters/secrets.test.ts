import { describe, expect, it } from 'vitest';
import { createRotatingSecret, readSecret } from '../../../lambdas/adapters/secrets.ts';
import { FakeSecretsManager } from '../../support/fake-secrets-manager.ts';

describe('readSecret', () => {
  it('reads the current value', async () => {
    expect(await readSecret(new FakeSecretsManager('first').client, 'arn')).toBe('first');
  });

  it('fails for a secret that is not there', async () => {
    const manager = new FakeSecretsManager('first');
    manager.values.clear();
    await expect(readSecret(manager.client, 'arn')).rejects.toThrow('no value for initial');
  });
});

describe('rotating secret', () => {
  it('takes a version from pending to current', async () => {
    const manager = new FakeSecretsManager('first');
    const secret = createRotatingSecret(manager.client, 'arn');
    manager.beginRotation('next');
    expect(await secret.valueOf('next')).toBeUndefined();
    await secret.putPending('next', 'second');
    expect(await secret.valueOf('next')).toBe('second');
    expect(await secret.stages()).toEqual({ initial: ['AWSCURRENT'], next: ['AWSPENDING'] });
    await secret.makeCurrent('next', 'initial');
    expect(await readSecret(manager.client, 'arn')).toBe('second');
  });

  it('keeps the value that a version has', async () => {
    const manager = new FakeSecretsManager('first');
    const secret = createRotatingSecret(manager.client, 'arn');
    await secret.putPending('next', 'second');
    await secret.putPending('next', 'third');
    expect(await secret.valueOf('next')).toBe('second');
  });
});
