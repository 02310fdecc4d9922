import { describe, expect, it } from 'vitest';
import {
  compileFilterCriteria,
  jsonOrText,
} from '../../../../../local/twin/functions/event-sources/filter-criteria.ts';

const refuse = (what: string): never => {
  throw new Error(what);
};
const pattern = (value: unknown) => ({ Pattern: JSON.stringify(value) });

describe('filter criteria', () => {
  it('lets everything pass where there are none', () => {
    expect(compileFilterCriteria(undefined, refuse)).toBeUndefined();
    expect(compileFilterCriteria({ Filters: [] }, refuse)).toBeUndefined();
  });

  it('passes a record that one of the patterns matches', () => {
    const passes = compileFilterCriteria(
      { Filters: [pattern({ data: { a: [1] } }), pattern({ data: { b: [2] } })] },
      refuse,
    );
    expect(
      [{ data: { a: 1 } }, { data: { b: 2 } }, { data: { a: 2 } }, { data: 'text' }].map((each) => passes?.(each)),
    ).toEqual([true, true, false, false]);
  });

  it('drops JSON where the pattern is for text', () => {
    const passes = compileFilterCriteria({ Filters: [pattern({ body: ['hello'] })] }, refuse);
    expect(passes?.({ body: jsonOrText('hello') })).toBe(true);
    expect(passes?.({ body: jsonOrText('{"hello":1}') })).toBe(false);
  });

  it.each<[unknown, string]>([
    [{ Filters: {} }, 'FilterCriteria.Filters must be a list, got {}'],
    [{ Filters: Array(11).fill(pattern({ a: [1] })) }, 'FilterCriteria must have at most 10 filters, got 11'],
    [{ Filters: [{}] }, 'each filter needs a Pattern of JSON text, got {}'],
    [{ Filters: [pattern({ a: ['x'.repeat(4_096)] })] }, "a filter's Pattern may have 4096 characters, got 4106"],
    [
      { Filters: [pattern({ a: [{ starts: 'x' }] })] },
      'Invalid filter pattern definition. Unrecognized match type starts; got {"a":[{"starts":"x"}]}',
    ],
  ])('fails on %j', (criteria, message) => {
    expect(() => compileFilterCriteria(criteria, refuse)).toThrow(new Error(message));
  });
});
