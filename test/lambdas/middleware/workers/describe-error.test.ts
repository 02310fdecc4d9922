import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError, isFinal } from '../../../../lambdas/middleware/workers/describe-error.ts';

describe('describeError', () => {
  it.each([
    ['its name and message', new TypeError('no luck'), 'TypeError: no luck'],
    ['its code where it has one', Object.assign(new Error('no luck'), { code: 'not-a-video' }), 'not-a-video: no luck'],
    ['its name where the code is a number', Object.assign(new Error('no luck'), { code: 42 }), 'Error: no luck'],
    ['its name alone where it says nothing', new RangeError(), 'RangeError'],
    ['a text that was thrown', 'no luck', 'no luck'],
    ['an object that was thrown', { reason: 'no luck' }, "{ reason: 'no luck' }"],
    ['an object that no text can be made of', Object.create(null), '[Object: null prototype] {}'],
    ['nothing that was thrown', undefined, 'undefined'],
    ['an empty text, which SQS would refuse', '', 'unknown'],
  ])('says %s', (_case, error, text) => {
    expect(describeError(error)).toBe(text);
  });

  it('keeps 256 characters, and no half of one', () => {
    expect(describeError('x'.repeat(257))).toBe('x'.repeat(256));
    expect(describeError(`${'x'.repeat(255)}😀`)).toBe('x'.repeat(255));
    expect(describeError(`${'x'.repeat(254)}😀`)).toBe(`${'x'.repeat(254)}😀`);
  });

  it('says nothing that SQS does not take, whatever was thrown', () => {
    const character = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0xb, 0xd800, 0xdc00, 0xfffe));
    const anyText = fc.array(character, { maxLength: 300 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(describeError(text)).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]{1,256}$/u);
      }),
    );
  });
});

describe('isFinal', () => {
  it('goes by what the error says of itself', () => {
    expect(isFinal(Object.assign(new Error('x'), { retryable: false }))).toBe(true);
    for (const error of [new Error('x'), { retryable: true }, { retryable: undefined }, 'retryable', null, undefined]) {
      expect(isFinal(error)).toBe(false);
    }
  });
});
