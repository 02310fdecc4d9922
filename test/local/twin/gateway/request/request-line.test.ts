import { describe, expect, test } from 'vitest';
import { areHeadersTooLarge, readTarget } from '../../../../../local/twin/gateway/request/request-line.ts';

describe('readTarget', () => {
  test.each([
    ['/', '/', ''],
    ['/a/b?c=d?e', '/a/b', 'c=d?e'],
    ['/a?', '/a', ''],
    ['http://host:1/a?b', '/a', 'b'],
    ['http://host', '/', ''],
    ['*', '/*', ''],
  ])('takes %s apart', (url, path, queryString) => {
    expect(readTarget(url)).toMatchObject({ path, queryString });
  });

  test('takes no target for the root', () => {
    expect(readTarget(undefined).path).toBe('/');
  });
});

describe('areHeadersTooLarge', () => {
  // 10 characters of the line are two spaces and the protocol, 3 the method, 1 the path.
  test.each([
    ['just small enough', 10_240 - 14, false],
    ['one byte too many', 10_240 - 13, true],
  ])('answers %s', (_, valueLength, expected) => {
    expect(areHeadersTooLarge('GET', '/', valueLength)).toBe(expected);
  });
});
