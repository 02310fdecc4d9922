import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import AjvDraft4Module from 'ajv-draft-04';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { DRAFT_4, type JsonSchema, toDraft4 } from '../../../lib/api/json-schema-draft4.ts';

const AjvDraft4 = AjvDraft4Module.default;

describe('toDraft4', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['names its dialect', {}, {}],
    ['replaces another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, {}],
    ['makes an enum of a const', { const: 'a' }, { enum: ['a'] }],
    ['makes a flag of an exclusive minimum', { exclusiveMinimum: 1 }, { minimum: 1, exclusiveMinimum: true }],
    ['makes a flag of an exclusive maximum', { exclusiveMaximum: 9 }, { maximum: 9, exclusiveMaximum: true }],
    ['keeps the tighter of two minima', { minimum: 2, exclusiveMinimum: 1 }, { minimum: 2 }],
    [
      'keeps the exclusive one of two equal minima',
      { minimum: 1, exclusiveMinimum: 1 },
      { minimum: 1, exclusiveMinimum: true },
    ],
    ['keeps the tighter of two maxima', { maximum: 1, exclusiveMaximum: 2 }, { maximum: 1 }],
    ['drops an empty required, which draft 4 forbids', { required: [] }, {}],
    ['keeps names in required', { required: ['a'] }, { required: ['a'] }],
    ['drops what is only an annotation', { examples: [1], $comment: 'x', contentEncoding: 'base64' }, {}],
    ['drops propertyNames', { propertyNames: { pattern: 'a' } }, {}],
    [
      'keeps booleans where draft 4 has them',
      { additionalProperties: false, additionalItems: true },
      { additionalProperties: false, additionalItems: true },
    ],
    [
      'makes schemas of booleans elsewhere',
      { properties: { a: true, b: false } },
      { properties: { a: {}, b: { not: {} } } },
    ],
    ['reaches into items', { items: [{ const: 1 }] }, { items: [{ enum: [1] }] }],
    [
      'reaches into alternatives',
      { anyOf: [{ const: 1 }, { type: 'null' }] },
      { anyOf: [{ enum: [1] }, { type: 'null' }] },
    ],
    ['reaches into not', { not: { const: 1 } }, { not: { enum: [1] } }],
    [
      'moves definitions, and what refers to them',
      { $defs: { a: { const: 1 } }, $ref: '#/$defs/a' },
      { definitions: { a: { enum: [1] } }, $ref: '#/definitions/a' },
    ],
    [
      'leaves alone a property that is named like a keyword',
      { properties: { const: { const: 1 }, required: { type: 'array' } } },
      { properties: { const: { enum: [1] }, required: { type: 'array' } } },
    ],
    [
      'leaves the rest alone',
      { type: 'string', pattern: '\\S', minLength: 1, format: 'email', title: 'T' },
      { type: 'string', pattern: '\\S', minLength: 1, format: 'email', title: 'T' },
    ],
  ])('%s', (_sentence, draft7, draft4) => {
    expect(toDraft4(draft7)).toEqual({ $schema: DRAFT_4, ...draft4 });
  });

  it.each(['if', 'then', 'contains', 'prefixItems'])("fails on '%s', which draft 4 cannot express", (keyword) => {
    expect(() => toDraft4({ properties: { a: { [keyword]: {} } } })).toThrow(
      new RangeError(`JSON Schema draft 4 has no '${keyword}'`),
    );
  });

  it('decides like the schema it was made of', () => {
    const text = v.pipe(v.string(), v.minLength(1), v.maxLength(3), v.regex(/^[a-c]*$/));
    const number = v.pipe(v.number(), v.gtValue(0), v.ltValue(10), v.maxValue(8), v.integer());
    const leaf = fc.constantFrom<v.GenericSchema>(
      text,
      number,
      v.boolean(),
      v.literal('x'),
      v.picklist(['y', 'z']),
      v.null(),
    );
    const schema = fc.oneof(
      leaf,
      fc.array(leaf, { minLength: 1, maxLength: 3 }).map((options) => v.union(options)),
      leaf.map((item) => v.pipe(v.array(item), v.maxLength(2))),
      leaf.map((item) => v.nullable(item)),
      fc.tuple(leaf, leaf, fc.boolean()).map(([a, b, isStrict]) => {
        const entries = { a, b: v.optional(b) };
        return isStrict ? v.strictObject(entries) : v.object(entries);
      }),
    );
    const scalar = fc.constantFrom<unknown>('', 'a', 'abcd', 'd', 'x', 'y', 0, 1, 8, 9, 10, 1.5, true, null);
    const value = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar, { noNullPrototype: true }),
    );
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 5, maxLength: 10 }), (valibot, values) => {
        const draft7 = toJsonSchema(valibot, { target: 'draft-07' }) as JsonSchema;
        const original = new Ajv({ strict: false }).compile(draft7);
        const translated = new AjvDraft4({ strict: false }).compile(toDraft4(draft7));
        for (const candidate of values) {
          expect(translated(candidate)).toBe(original(candidate));
          expect(translated(candidate)).toBe(v.is(valibot, candidate));
        }
      }),
      { numRuns: 60 },
    );
  });
});
