// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policy variables are written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CONTEXT } from '../../../../../../local/twin/aws/iam/model/context.ts';
import { compilePattern } from '../../../../../../local/twin/aws/iam/model/pattern.ts';
import { matchesWildcard } from '../../../../../../local/twin/gateway/model/wildcard.ts';

const matches = (pattern: string, text: string) => compilePattern(pattern).matches(text, NO_CONTEXT);

describe('compilePattern', () => {
  it.each([
    ['dynamodb:PutItem', 'dynamodb:PutItem', true],
    ['dynamodb:PutItem', 'dynamodb:PutItems', false],
    ['*', '', true],
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcd', false],
    ['ab*ba', 'aba', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*?', '', false],
    ['table/*/index/?y*', 'table/follows/index/byFollowee', true],
    ['table/*/index/?y*', 'table/follows/index/y', false],
    ['', '', true],
    ['', 'a', false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('agrees with a matcher that tries everything', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 12 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => matches(pattern, text) === matchesWildcard(pattern, text)),
    );
  });

  it('does not choke on a pattern that makes backtracking matchers hang', () => {
    expect(matches(`${'a*'.repeat(2_000)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(matches(`${'*?'.repeat(200)}b`, 'a'.repeat(2_000))).toBe(false);
  });

  it('compares without regard to case where it is asked to', () => {
    expect(compilePattern('DynamoDB:put*', { ignoreCase: true }).matches('dynamodb:PutItem', NO_CONTEXT)).toBe(true);
    expect(matches('DynamoDB:put*', 'dynamodb:PutItem')).toBe(false);
  });

  describe('policy variables', () => {
    const pattern = compilePattern('home/${aws:username}/*', { variables: true });
    const context = (value: string | readonly string[] | undefined) => () => value;

    it('stand for the value of the request, whatever the case of their name', () => {
      expect(pattern.variables).toEqual(['aws:username']);
      expect(pattern.matches('home/ada/x', context('ada'))).toBe(true);
      expect(pattern.matches('home/bob/x', context('ada'))).toBe(false);
    });

    it('take wildcards of the value for plain characters', () => {
      expect(pattern.matches('home/ada/x', context('*'))).toBe(false);
      expect(pattern.matches('home/*/x', context('*'))).toBe(true);
    });

    it('match nothing without a value, or with many', () => {
      expect(pattern.matches('home//x', NO_CONTEXT)).toBe(false);
      expect(pattern.matches('home/ada/x', context(['ada']))).toBe(false);
    });

    it('fall back to their default', () => {
      const withDefault = compilePattern("home/${aws:username, 'anybody'}", { variables: true });
      expect(withDefault.matches('home/anybody', NO_CONTEXT)).toBe(true);
      expect(withDefault.matches('home/ada', context('ada'))).toBe(true);
    });

    it('write wildcards and the dollar as plain characters', () => {
      const escaped = compilePattern('${*}${?}${$}', { variables: true });
      expect(escaped.variables).toEqual([]);
      expect(escaped.matches('*?$', NO_CONTEXT)).toBe(true);
      expect(escaped.matches('abc', NO_CONTEXT)).toBe(false);
    });

    it('are plain text in documents of the old version', () => {
      expect(compilePattern('home/${aws:username}').matches('home/${aws:username}', NO_CONTEXT)).toBe(true);
    });
  });
});
