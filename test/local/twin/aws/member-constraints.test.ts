import { describe, expect, it } from 'vitest';
import {
  constrain,
  optionalInteger,
  optionalText,
  requiredList,
  requiredText,
} from '../../../../local/twin/aws/member-constraints.ts';

const violation = (rest: string): string => `1 validation error detected: Value ${rest}`;

describe('member constraints', () => {
  it.each([
    [
      'a short text',
      () => requiredText({ Name: '' }, 'Name', { minLength: 1 }),
      violation("'' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"),
    ],
    [
      'a long text',
      () => optionalText({ Name: 'ab' }, 'Name', { maxLength: 1 }),
      violation("'ab' at 'name' failed to satisfy constraint: Member must have length less than or equal to 1"),
    ],
    [
      'a text of the wrong shape',
      () => optionalText({ Name: 'ab!' }, 'Name', { pattern: /[a-z]+/ }),
      violation("'ab!' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"),
    ],
    [
      'an unknown word',
      () => optionalText({ Kind: 'x' }, 'Kind', { oneOf: ['A', 'B'] }),
      violation("'x' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]"),
    ],
    [
      'a small number',
      () => optionalInteger({ Limit: 0 }, 'Limit', { min: 1 }),
      violation("'0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ],
    [
      'a large number',
      () => optionalInteger({ Limit: 9 }, 'Limit', { max: 8 }),
      violation("'9' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 8"),
    ],
    [
      'a missing text',
      () => requiredText({}, 'Name'),
      violation("null at 'name' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'a missing list',
      () => requiredList({}, 'Names'),
      violation("null at 'names' failed to satisfy constraint: Member must not be null"),
    ],
    ['a number for a text', () => requiredText({ Name: 1 }, 'Name'), 'NUMBER_VALUE can not be converted to a String'],
    ['a list for a text', () => requiredText({ Name: [] }, 'Name'), 'START_ARRAY can not be converted to a String'],
    [
      'a fraction for a whole number',
      () => optionalInteger({ Limit: 1.5 }, 'Limit'),
      'NUMBER_VALUE can not be converted to an Integer',
    ],
  ])('fails on %s', (_, check, message) => {
    expect(check).toThrow(message);
  });

  it('passes what is just within, and what is not there', () => {
    expect(requiredText({ Name: 'ab' }, 'Name', { minLength: 2, maxLength: 2, pattern: /[a-b]+/ })).toBe('ab');
    expect(optionalInteger({ Limit: 1 }, 'Limit', { min: 1, max: 1 })).toBe(1);
    expect(optionalText({ Name: null }, 'Name', { minLength: 1 })).toBeUndefined();
    expect(() => constrain('name', undefined, { minLength: 1 })).not.toThrow();
  });
});
