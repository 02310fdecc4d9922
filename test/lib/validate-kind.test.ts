import { describe, expect, it } from 'vitest';
import { SpillwayError } from '../../lib/spillway-error.ts';
import { AN_ARRAY, AN_OBJECT, validateKind } from '../../lib/validate-kind.ts';
import { flaggedStack } from '../support/flagged-app.ts';

const rule = { hint: 'write another', code: 'invalid-x' };

describe('validateKind', () => {
  it('accepts what it is told to', () => {
    expect(() => validateKind('x', {}, { ...rule, ...AN_OBJECT })).not.toThrow();
    expect(() => validateKind('x', [], { ...rule, ...AN_ARRAY })).not.toThrow();
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['{}', "'{}'"],
    [[], '[]'],
  ])('fails on %o where an object is wanted', (value, got) => {
    expect(() => validateKind('x', value, { ...rule, ...AN_OBJECT })).toThrow(
      new SpillwayError('invalid-x', `x must be an object, got ${got}; write another`),
    );
  });

  it('fails with the path of the construct', () => {
    expect(() => validateKind('x', {}, { ...rule, ...AN_ARRAY, scope: flaggedStack('Service') })).toThrow(
      'x must be an array, got {}; write another [Service]',
    );
  });
});
