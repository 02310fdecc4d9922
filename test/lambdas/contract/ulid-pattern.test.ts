import { describe, expect, it } from 'vitest';
import { ULID_PATTERN } from '../../../lambdas/contract/ulid-pattern.ts';

describe('ULID_PATTERN', () => {
  it('matches a ULID', () => {
    expect('01ARZ3NDEKTSV4RRFFQ69G5FAV').toMatch(ULID_PATTERN);
  });

  it.each([
    '',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '01ARZ3NDEKTSV4RRFFQ69G5FAVV',
    '81ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01arz3ndektsv4rrffq69g5fav',
    '01ARZ3NDEKTSV4RRFFQ69G5FAU',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
  ])('does not match %j', (text) => {
    expect(ULID_PATTERN.test(text)).toBe(false);
  });
});
