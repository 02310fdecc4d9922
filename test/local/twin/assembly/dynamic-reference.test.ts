import { describe, expect, it } from 'vitest';
import {
  type ParameterReference,
  resolveDynamicReferences,
  type SecretReference,
} from '../../../../local/twin/assembly/dynamic-reference.ts';

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

  it('replaces parameters, by name or ARN, with or without a version', () => {
    const asked: ParameterReference[] = [];
    const read = (reference: ParameterReference): string => {
      asked.push(reference);
      return 'p';
    };
    const parameterArn = 'arn:aws:ssm:eu-west-1:111122223333:parameter/app';
    const references = ['ssm:/app/url', 'ssm:/app/url:3', 'ssm-secure:key', `ssm:${parameterArn}:12`];
    const value = references.map((reference) => `{{resolve:${reference}}}`).join(' ');
    expect(resolveDynamicReferences(value, () => '', read)).toBe('p p p p');
    expect(asked).toEqual([
      { name: '/app/url', isSecure: false },
      { name: '/app/url', version: '3', isSecure: false },
      { name: 'key', isSecure: true },
      { name: parameterArn, version: '12', isSecure: false },
    ]);
  });

  it('fails with the reason where a value cannot be read', () => {
    const read = (): string => {
      throw new Error('Parameter none not found.');
    };
    expect(() => resolveDynamicReferences('{{resolve:ssm:none}}', () => '', read)).toThrow(
      'dynamic reference {{resolve:ssm:none}}: Parameter none not found.',
    );
  });

  it('fails on another service', () => {
    expect(() => resolveDynamicReferences('{{resolve:acm:name}}', () => '')).toThrow(
      'dynamic reference {{resolve:acm:name}}: the twin resolves only {{resolve:secretsmanager:…:SecretString:…}}, ' +
        '{{resolve:ssm:…}} and {{resolve:ssm-secure:…}}; pass the value in another way',
    );
  });

  it('fails on a JSON key that is not there', () => {
    expect(() => resolveDynamicReferences('{{resolve:secretsmanager:name:SecretString:key}}', () => 'no json')).toThrow(
      "dynamic reference {{resolve:secretsmanager:name:SecretString:key}}: the secret has no JSON key 'key'",
    );
  });
});
