import { describe, expect, it } from 'vitest';
import { LimitBy, validateLimitBy } from '../../../lib/api/limit-by.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';

const fault = (reason: string) => new SpillwayError('invalid-limit', `rate limit: ${reason}`);

describe('LimitBy', () => {
  it.each([
    [LimitBy.USER, 'user', 'user', 'LimitBy.USER', true],
    [LimitBy.TENANT, 'tenant', 'tenant', 'LimitBy.TENANT', true],
    [LimitBy.API_KEY, 'api-key', 'api-key', 'LimitBy.API_KEY', true],
    [LimitBy.IP, 'ip', 'ip', 'LimitBy.IP', false],
    [LimitBy.ROUTE, 'route', 'route', 'LimitBy.ROUTE', false],
    [LimitBy.GLOBAL, 'global', 'global', 'LimitBy.GLOBAL', false],
    [LimitBy.claim('orgId'), 'claim:orgId', 'org-id', "LimitBy.claim('orgId')", true],
    [LimitBy.bodyField('email'), 'body:email', 'email', "LimitBy.bodyField('email')", false],
  ])('%s travels as a word, and says whether it needs a token', (by, value, defaultName, text, needsToken) => {
    expect(by).toMatchObject({ value, defaultName, needsToken });
    expect(String(by)).toBe(text);
  });

  it('knows the claim or the member that it reads, and nothing else', () => {
    expect(LimitBy.claim('org')).toMatchObject({ claimName: 'org', bodyFieldName: undefined });
    expect(LimitBy.bodyField('org')).toMatchObject({ claimName: undefined, bodyFieldName: 'org' });
    expect(LimitBy.USER).toMatchObject({ claimName: undefined, bodyFieldName: undefined });
  });

  it('accepts a name of 64 characters, and fails on one more', () => {
    expect(LimitBy.claim('a'.repeat(64)).claimName).toHaveLength(64);
    expect(() => LimitBy.claim('a'.repeat(65))).toThrow(/64 at most/);
  });

  it.each(['', 'a b', '1st', 'https://x/org', "a'"])("fails on a claim or a member named '%s'", (name) => {
    const message = (factory: string) =>
      `LimitBy.${factory}: name must be letters, digits, '_', '.' and '-', 64 at most, beginning with a letter or '_', got '${name}'`;
    expect(() => LimitBy.claim(name)).toThrow(new SpillwayError('invalid-limit', message('claim')));
    expect(() => LimitBy.bodyField(name)).toThrow(new SpillwayError('invalid-limit', message('bodyField')));
  });
});

describe('validateLimitBy', () => {
  it('takes one or several', () => {
    expect(validateLimitBy(LimitBy.USER)).toEqual([LimitBy.USER]);
    expect(validateLimitBy([LimitBy.IP, LimitBy.bodyField('email')])).toHaveLength(2);
    expect(validateLimitBy([LimitBy.GLOBAL])).toEqual([LimitBy.GLOBAL]);
  });

  it('fails on none', () => {
    expect(() => validateLimitBy([])).toThrow(fault('by must name at least one LimitBy, got none'));
  });

  it.each([['user'], [undefined], [null], [7]])('fails on %s, which is no LimitBy', (stranger) => {
    const got = typeof stranger === 'string' ? `'${stranger}'` : String(stranger);
    for (const by of [stranger, [LimitBy.USER, stranger]]) {
      expect(() => validateLimitBy(by as unknown as LimitBy)).toThrow(
        fault(
          'by must be one of LimitBy.USER, LimitBy.TENANT, LimitBy.IP, LimitBy.API_KEY, LimitBy.ROUTE, LimitBy.GLOBAL, ' +
            `LimitBy.claim(…) or LimitBy.bodyField(…), got ${got}`,
        ),
      );
    }
  });

  it('fails on one thing twice', () => {
    expect(() => validateLimitBy([LimitBy.claim('org'), LimitBy.IP, LimitBy.claim('org')])).toThrow(
      fault("by must name different things, got LimitBy.claim('org') twice"),
    );
  });

  it.each([LimitBy.ROUTE, LimitBy.GLOBAL])('fails on %s beside others', (by) => {
    expect(() => validateLimitBy([LimitBy.USER, by])).toThrow(
      fault(`${by} counts all callers together, so it stands alone, got it beside others; remove it, or the others`),
    );
  });
});
