import { describe, expect, it } from 'vitest';
import { isSameSchema, partsOf, requiredOf, unknownKeywords } from '../../../local/event-schemas/json-schema.ts';

describe('isSameSchema', () => {
  it.each([
    [
      { title: 'a', type: 'string' },
      { type: 'string', description: 'b' },
    ],
    [{ enum: [1, 2] }, { enum: [2, 1] }],
    [{ properties: { title: { type: 'string' } } }, { properties: { title: { type: 'string', title: 'a' } } }],
    [{ oneOf: [{ required: ['a', 'b'] }] }, { oneOf: [{ required: ['b', 'a'] }] }],
  ])('is so for %j and %j', (a, b) => {
    expect(isSameSchema(a, b)).toBe(true);
  });

  it.each([
    [{ oneOf: [{ const: 1 }, { const: 2 }] }, { oneOf: [{ const: 2 }, { const: 1 }] }],
    [{ properties: { title: {} } }, { properties: {} }],
    [{ not: { type: 'string' } }, { not: { type: 'number' } }],
    [true, {}],
  ])('is not so for %j and %j', (a, b) => {
    expect(isSameSchema(a, b)).toBe(false);
  });
});

describe('parts of a schema', () => {
  it('are all that schemas may stand in, with the path of what they are about', () => {
    const schema = { items: {}, anyOf: [{}, true], properties: { a: {} }, additionalProperties: false, not: {} };
    expect(partsOf(schema).map(({ path }) => path)).toEqual(['[]', '.*', '.*', '', '', '.a']);
  });

  it('say by themselves what is unknown of them', () => {
    expect(unknownKeywords({ type: 'string', title: 'a', $defs: {}, items: { $ref: '' } })).toEqual(['$defs']);
    expect(requiredOf({ required: ['a'] })).toEqual(new Set(['a']));
  });
});
