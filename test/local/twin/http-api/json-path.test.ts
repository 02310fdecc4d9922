import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonPath, readJsonPath } from '../../../../local/twin/http-api/json-path.ts';

const document = { order: { items: [{ id: 7 }], 'odd key': 'x' } };

describe('readJsonPath', () => {
  it.each([
    ['order.items[0].id', 7],
    ["order['odd key']", 'x'],
    ['order.items[1].id', undefined],
    ['order.items.length', undefined],
    ['toString', undefined],
    ['order.items[0].id.deeper', undefined],
  ])('reads %s', (path, expected) => {
    expect(readJsonPath(document, parseJsonPath(path))).toEqual(expected);
  });

  it('finds every value at the path that leads to it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.stringMatching(/^[a-z]+$/), fc.nat(5))), fc.string(), (path, value) => {
        const nested = path.reduceRight<unknown>(
          (inner, step) => (typeof step === 'number' ? [...new Array(step), inner] : { [step]: inner }),
          value,
        );
        const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
        expect(readJsonPath(nested, parseJsonPath(text))).toBe(value);
      }),
    );
  });

  it.each(['order..id', 'order[?(@.id)]', 'order['])('fails on %s', (path) => {
    expect(() => parseJsonPath(path)).toThrow(
      `a path into the body is made of names and indexes, such as order.items[0], got '${path}'`,
    );
  });
});
