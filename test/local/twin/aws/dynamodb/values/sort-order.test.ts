import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../../../../local/twin/aws/dynamodb/values/attribute-value.ts';
import {
  AFTER_TERMINATOR,
  afterPrefix,
  orderedPart,
  TERMINATOR,
} from '../../../../../../local/twin/aws/dynamodb/values/sort-order.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', 'a', 'é', '\ufffd', '😀') }),
);
const key = (value: AttributeValue, more = '') => orderedPart(value) + TERMINATOR + more;
const sign = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

describe('keys', () => {
  it('order texts as their UTF-8 bytes, whatever follows them', () => {
    fc.assert(
      fc.property(text, text, text, text, (left, right, leftMore, rightMore) => {
        const order = Buffer.compare(Buffer.from(left), Buffer.from(right));
        fc.pre(order !== 0);
        expect(sign(key({ S: left }, leftMore), key({ S: right }, rightMore))).toBe(order);
      }),
    );
  });

  it('order binaries by unsigned bytes', () => {
    const binary = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(binary, binary, (left, right) => {
        const [one, other] = [{ B: left.toString('base64') }, { B: right.toString('base64') }];
        expect(sign(key(one), key(other))).toBe(Buffer.compare(left, right));
      }),
    );
  });

  it('end a range right after its last key', () => {
    fc.assert(
      fc.property(text, text, text, (last, other, more) => {
        const isAtMost = Buffer.compare(Buffer.from(other), Buffer.from(last)) <= 0;
        expect(key({ S: other }, more) < orderedPart({ S: last }) + AFTER_TERMINATOR).toBe(isAtMost);
      }),
    );
  });

  it('find all that begin with a prefix, and nothing else', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        fc.pre(prefix !== '');
        const [from, to] = [orderedPart({ S: prefix }), afterPrefix(orderedPart({ S: prefix }))];
        const found = key({ S: other });
        const begins = Buffer.from(other).subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix));
        expect(found >= from && (to === undefined || found < to)).toBe(begins);
      }),
    );
  });
});
