import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseVariable, readVariable } from '../../../lambdas/adapters/read-environment.ts';

describe('readVariable', () => {
  it('gives the value', () => {
    expect(readVariable({ NAME: 'value' }, 'NAME')).toBe('value');
  });

  it.each([{}, { NAME: undefined }, { NAME: '' }])('fails for %j', (environment) => {
    expect(() => readVariable(environment, 'NAME')).toThrow(new RangeError('environment variable NAME is missing'));
  });
});

describe('parseVariable', () => {
  const schema = v.pipe(v.string(), v.parseJson(), v.object({ a: v.array(v.number()) }));

  it('gives the value as the schema sees it', () => {
    expect(parseVariable({ NAME: '{"a":[1]}' }, 'NAME', schema)).toEqual({ a: [1] });
  });

  it('fails for a wrong value, and says where', () => {
    expect(() => parseVariable({ NAME: '{"a":[1,"2"]}' }, 'NAME', schema)).toThrow(
      new RangeError('environment variable NAME, at a.1: Invalid type: Expected number but received "2"'),
    );
  });

  it('fails for something that is not JSON', () => {
    expect(() => parseVariable({ NAME: '{' }, 'NAME', schema)).toThrow(/^environment variable NAME: Invalid JSON/);
  });
});
