import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesWildcard } from '../../../../../local/twin/gateway/model/wildcard.ts';

describe('matchesWildcard', () => {
  test.each([
    ['*', '', true],
    ['*', 'anything/at:all', true],
    ['a*c', 'a/b/c', true],
    ['a*c', 'a/b/d', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a?c', 'abbc', false],
    ['GET/api/*', 'GET/api/', true],
    ['GET/api/*', 'GET/api', false],
    ['a**b', 'ab', true],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
  ])('%s over %s: %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  test('agrees with a regular expression of the same meaning', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesWildcard(pattern, text)).toBe(regex.test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is quick on patterns that make backtracking expressions hang', () => {
    expect(matchesWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(5_000))).toBe(false);
  });
});
