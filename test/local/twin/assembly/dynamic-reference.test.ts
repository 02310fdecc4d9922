import { describe, expect, it } from 'vitest';
import { resolveDynamicReferences, type SecretReference } from '../../../../local/twin/assembly/dynamic-reference.ts';

describe('resolveDynamicReferences', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:name-AbCdEf';

  it('replaces a whole secret and a key of one, wherever they stand', () => {
    const asked: SecretReference[] = [];
    const read = (reference: SecretReference): string => {
      asked.push(reference);
      return '{"password":"p"}';
    };
    const value = {
      list: [`{{resolve:secretsmanager:${arn}:SecretString:password::}}`],
      text: '<{{resolve:secretsmanager:name:SecretString}}>',
    };
    expect(resolveDynamicReferences(value, read)).toEqual({ list: ['p'], text: '<{"password":"p"}>' });
    expect(asked).toEqual([{ secretId: arn, jsonKey: 'password' }, { secretId: 'name' }]);
  });

  it('reads the stage and the version that the reference names', () => {
    const text = '{{resolve:secretsmanager:name:SecretString::AWSPREVIOUS:v1}}';
    expect(resolveDynamicReferences(text, (reference) => JSON.stringify(reference))).toBe(
      '{"secretId":"name","versionStage":"AWSPREVIOUS","versionId":"v1"}',
    );
  });

  it('fails on another service', () => {
    expect(() => resolveDynamicReferences('{{resolve:ssm:/name}}', () => '')).toThrow(
      'dynamic reference {{resolve:ssm:/name}}: the twin resolves only {{resolve:secretsmanager:…:SecretString:…}}; pass the value in another way',
    );
  });

  it('fails on a JSON key that is not there', () => {
    expect(() => resolveDynamicReferences('{{resolve:secretsmanager:name:SecretString:key}}', () => 'no json')).toThrow(
      "dynamic reference {{resolve:secretsmanager:name:SecretString:key}}: the secret has no JSON key 'key'",
    );
  });
});
