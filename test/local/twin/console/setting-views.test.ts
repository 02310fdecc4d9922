import { describe, expect, it } from 'vitest';
import { KeyStore } from '../../../../local/twin/aws/kms/key-store.ts';
import { SecretsStore } from '../../../../local/twin/aws/secrets-manager/secrets-store.ts';
import { ParameterStore } from '../../../../local/twin/aws/ssm/parameter-store.ts';
import { resourceLabels } from '../../../../local/twin/console/resource-labels.ts';
import { keyViews, parameterViews, secretViews } from '../../../../local/twin/console/setting-views.ts';
import { resource } from '../../../support/running-aws.ts';

const nowMs = () => 1_000;

describe('secretViews', () => {
  it('says that a rotation has not ended, and never a value', () => {
    const secrets = new SecretsStore(nowMs);
    secrets.create({ name: 'quiet', arn: 'arn:quiet' }, 'hidden');
    secrets.startRotation(secrets.create({ name: 'turning', arn: 'arn:turning' }, 'hidden'));
    const views = secretViews(secrets);
    expect(views.map(({ name, isRotating }) => [name, isRotating])).toEqual([
      ['quiet', false],
      ['turning', true],
    ]);
    expect(JSON.stringify(views)).not.toContain('hidden');
  });
});

describe('parameterViews', () => {
  const parameters = new ParameterStore('arn:aws:ssm:eu-west-1:0', nowMs);
  parameters.put({ name: '/greeting', value: 'hello' });
  parameters.put({ name: '/greeting', value: 'thanks' });
  parameters.put({ name: '/key', value: 'hidden', type: 'SecureString' });
  parameters.put({ name: '/long', value: 'x'.repeat(121) });
  const [greeting, key, long] = parameterViews(parameters);

  it('shows the newest version', () => {
    expect(greeting).toEqual({ name: '/greeting', type: 'String', version: 2, changedMs: 1_000, value: 'thanks' });
  });

  it('keeps the value of a SecureString to itself', () => {
    expect(key).toMatchObject({ type: 'SecureString', value: undefined });
  });

  it('cuts a value after 120 characters', () => {
    expect(long?.value).toBe(`${'x'.repeat(120)}…`);
  });
});

describe('keyViews', () => {
  it('shows keys with their aliases and whether they can be used', () => {
    const keys = new KeyStore('arn:aws:kms:eu-west-1:0', nowMs);
    const key = keys.create({});
    keys.setAlias('alias/app', key.id);
    const labels = resourceLabels([{ ...resource('AWS::KMS::Key', key.id, {}), path: 'Cipher/Resource' }]);
    const state = () => keyViews(keys, labels)[0]?.state;
    expect(keyViews(keys, labels)).toEqual([
      {
        label: 'Cipher',
        aliases: ['alias/app'],
        spec: 'SYMMETRIC_DEFAULT',
        usage: 'ENCRYPT_DECRYPT',
        state: 'enabled',
      },
    ]);
    key.isEnabled = false;
    expect(state()).toBe('disabled');
    key.deletionMs = 1_001;
    expect(state()).toBe('to be deleted');
  });
});
