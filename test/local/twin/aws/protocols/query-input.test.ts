import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryInput } from '../../../../../local/twin/aws/protocols/query-input.ts';

const read = (form: string) => queryInput(new URLSearchParams(form));

describe('queryInput', () => {
  it.each([
    ['a text', 'a=1&b=', { a: '1', b: '' }],
    ['an object', 'a.b=1&a.c.d=2', { a: { b: '1', c: { d: '2' } } }],
    ['a list in the order of its numbers', 'a.member.10=z&a.member.2=y', { a: ['y', 'z'] }],
    ['a list of objects', 'a.member.1.b=1&a.member.1.c=2', { a: [{ b: '1', c: '2' }] }],
    ['a map', 'a.entry.1.key=x&a.entry.1.value=1&a.entry.2.key=y&a.entry.2.value=2', { a: { x: '1', y: '2' } }],
    [
      'a map as SNS writes it',
      'a.entry.1.Name=x&a.entry.1.Value.DataType=String',
      { a: { x: { DataType: 'String' } } },
    ],
    ['a map whose entries lack a key or a value', 'a.entry.1.key=x&a.entry.2.value=1', { a: {} }],
    ['an object that has a member called member', 'a.member.1=x&a.other=y', { a: { member: { 1: 'x' }, other: 'y' } }],
    ['nothing', '', {}],
  ])('reads %s', (_, form, expected) => {
    expect(read(form)).toEqual(expected);
  });

  it('takes a name that every object has for a name', () => {
    expect(Object.entries(read('__proto__.polluted=1'))).toEqual([['__proto__', { polluted: '1' }]]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('gives back every list of texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const form = new URLSearchParams(
          Object.fromEntries(texts.map((text, index) => [`a.member.${index + 1}`, text])),
        );
        expect(queryInput(form)).toEqual({ a: texts });
      }),
    );
  });
});
