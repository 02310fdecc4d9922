import { describe, expect, test } from 'vitest';
import { UTIL } from '../../../../../local/twin/gateway/mapping/util-variable.ts';

describe('$util', () => {
  test.each<[string, unknown, unknown]>([
    ['escapeJavaScript', `it's "x"/\\\n\u0001é`, `it\\'s \\"x\\"\\/\\\\\\n\\u0001\\u00E9`],
    ['parseJson', '{"a":[1]}', { a: [1] }],
    ['urlEncode', "a b&c=d/é*~'()", 'a+b%26c%3Dd%2F%C3%A9*%7E%27%28%29'],
    ['urlDecode', 'a+b%26c', 'a b&c'],
    ['base64Encode', 'é', 'w6k='],
    ['base64Decode', 'w6k=', 'é'],
    ['urlEncode', undefined, ''],
  ])('%s of %j', (name, value, expected) => {
    expect(UTIL[name]?.(value)).toEqual(expected);
  });

  test('fails to parse what is no JSON', () => {
    expect(() => UTIL.parseJson?.('{')).toThrow(SyntaxError);
  });
});
