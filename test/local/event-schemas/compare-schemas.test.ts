import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../../local/event-schemas/compare-schemas.ts';
import { allowedStep, anyStep, documentOf, eventSchema } from '../../support/schema-arbitraries.ts';

const object = (properties: object, required: readonly string[] = [], rest: object = {}) => ({
  ...{ type: 'object', properties, required },
  ...rest,
});
const text = { type: 'string' };
const sentences = (published: unknown, current: unknown) =>
  compareSchemas(published, current).map(({ path, what }) => `${path} ${what}`);

describe('compareSchemas', () => {
  it.each([
    ['nothing', object({ a: text }, ['a']), object({ a: text }, ['a'])],
    ['a new member that is optional', object({ a: text }, ['a']), object({ a: text, b: text }, ['a'])],
    ['one within a member', object({ a: object({}) }), object({ a: object({ b: text }) })],
    [
      'one within the items of a list',
      { type: 'array', items: object({}) },
      { type: 'array', items: object({ b: text }) },
    ],
    ['one within an alternative', { anyOf: [text, object({})] }, { anyOf: [text, object({ b: text })] }],
    [
      'one within the values of a record',
      object({}, [], { additionalProperties: object({}) }),
      object({}, [], { additionalProperties: object({ b: text }) }),
    ],
    ['words', { type: 'string', title: 'A', description: 'b' }, { type: 'string', description: 'c', deprecated: true }],
    [
      'the order of values, names and types',
      object({ a: { enum: [1, 2], type: ['null', 'number'] } }, ['b', 'a']),
      object({ a: { type: ['number', 'null'], enum: [2, 1] } }, ['a', 'b']),
    ],
    [
      'nothing in what is composed',
      { allOf: [object({ a: text })] },
      { allOf: [object({ a: { ...text, title: 'A' } })] },
    ],
  ])('lets pass %s', (_, published, current) => {
    expect(sentences(published, current)).toEqual([]);
    expect(sentences(published, published)).toEqual([]);
  });

  it.each([
    ['a member that was removed', object({ a: text }, ['a']), object({}), ['.a was removed']],
    ['an optional one that was', object({ a: text }), object({}), ['.a was removed']],
    [
      'one that was renamed',
      object({ a: text }, ['a']),
      object({ b: text }, ['b']),
      ['.a was removed', '.b is new and required; make it optional'],
    ],
    ['one that has to be there now', object({ a: text }), object({ a: text }, ['a']), ['.a is required now']],
    ['one that may be missing now', object({ a: text }, ['a']), object({ a: text }), ['.a is not required any more']],
    [
      'another type',
      object({ a: text }),
      object({ a: { type: 'number' } }),
      ['.a has another type: it was "string" and is "number"'],
    ],
    [
      'one type more',
      { type: 'string' },
      { type: ['string', 'null'] },
      [' has another type: it was "string" and is ["string","null"]'],
    ],
    ['a value more', { enum: ['a'] }, { enum: ['a', 'b'] }, [' has another enum: it was ["a"] and is ["a","b"]']],
    ['a value less', { enum: ['a', 'b'] }, { enum: ['b'] }, [' has another enum: it was ["a","b"] and is ["b"]']],
    ['another constant', { const: 'a' }, { const: 'b' }, [' has another const: it was "a" and is "b"']],
    [
      'a bound that is new',
      { type: 'string' },
      { type: 'string', maxLength: 5 },
      [' has another maxLength: it was not there and is 5'],
    ],
    ['a bound that is gone', { minimum: 0 }, {}, [' has another minimum: it was 0 and is gone']],
    ['another default', { default: 1 }, { default: 2 }, [' has another default: it was 1 and is 2']],
    [
      'items within items',
      { items: { items: text } },
      { items: { items: {} } },
      ['[][] has another type: it was "string" and is gone'],
    ],
    ['items of any kind', { type: 'array', items: text }, { type: 'array' }, ['[] may be anything now: items is gone']],
    [
      'an object that was closed',
      object({}),
      object({}, [], { additionalProperties: false }),
      ['.* was free: additionalProperties is new'],
    ],
    [
      'an object that was opened',
      object({}, [], { additionalProperties: false }),
      object({}),
      ['.* may be anything now: additionalProperties is gone'],
    ],
    [
      'a new member of a closed object',
      object({}, [], { additionalProperties: false }),
      object({ a: text }, [], { additionalProperties: false }),
      ['.a was free, or forbidden, in an object that is not simply open to new members'],
    ],
    [
      'a word on a member that had to be there',
      object({}, ['a']),
      object({ a: text }, ['a']),
      ['.a was free, or forbidden, in an object that is not simply open to new members'],
    ],
    [
      'an alternative more',
      { anyOf: [text] },
      { anyOf: [text, { type: 'null' }] },
      [' had 1 alternatives (anyOf) and has 2'],
    ],
    [
      'anything within what is composed',
      { allOf: [object({})] },
      { allOf: [object({ a: text })] },
      [expect.stringContaining(' has another allOf: it was')],
    ],
    [
      'a new member beside alternatives',
      object({}, [], { anyOf: [object({ a: text })] }),
      object({ a: { type: 'null' } }, [], { anyOf: [object({ a: text })] }),
      [expect.stringContaining(' has changed, and has anyOf, oneOf, allOf beside members')],
    ],
    ['no value at all', true, false, [' was true and is false']],
    ['a keyword that nobody here knows', { $ref: '#/a' }, { $ref: '#/a' }, [" has '$ref', which cannot be compared"]],
    [
      'one within a part that is left as it was',
      object({ a: { oneOf: [{ if: {} }] } }),
      object({ a: { oneOf: [{ if: {} }] } }),
      [".a has 'if', which cannot be compared"],
    ],
    [
      'one that came by prototype',
      object({}),
      object({ toString: text }, ['toString']),
      ['.toString is new and required; make it optional'],
    ],
    ['what is no schema', { items: [text] }, { items: [text] }, ['[] is [{"type":"string"}], which is no schema']],
  ])('fails for %s', (_, published, current, found) => {
    expect(sentences(published, current)).toEqual(found);
  });

  const ajv = new Ajv2020({ strict: false, validateFormats: false, ownProperties: true });
  const isValid = (schema: object, document: unknown) => ajv.compile(schema)(document);

  it('lets every document of one version be read by the other, however schemas evolve by steps that are allowed', () => {
    fc.assert(
      fc.property(
        eventSchema.chain((first) => fc.tuple(fc.constant(first), allowedStep(first).chain(allowedStep))),
        fc.infiniteStream(fc.nat()),
        ([published, current], dice) => {
          expect(compareSchemas(published, current)).toEqual([]);
          const roll = () => dice.next().value ?? 0;
          expect(isValid(current, documentOf(published, roll))).toBe(true);
          expect(isValid(published, documentOf(current, roll))).toBe(true);
        },
      ),
    );
  });

  it('finds a breach wherever a step has made a document of one version invalid in the other', () => {
    let breaches = 0;
    fc.assert(
      fc.property(
        eventSchema.chain((first) => fc.tuple(fc.constant(first), anyStep(first))),
        fc.infiniteStream(fc.nat()),
        ([published, current], dice) => {
          const roll = () => dice.next().value ?? 0;
          const isRead = isValid(current, documentOf(published, roll)) && isValid(published, documentOf(current, roll));
          if (isRead) return;
          breaches += 1;
          expect(compareSchemas(published, current)).not.toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
    expect(breaches).toBeGreaterThan(30);
  });
});
