import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../local/redrive/dead-letter.ts';
import { selectLetters } from '../../../local/redrive/select-letters.ts';

const letter = (error: string | undefined, setAsideAtMs = 1_000) => ({ error, setAsideAtMs }) as DeadLetter;

describe('selectLetters', () => {
  it('means all where nothing is said', () => {
    expect(selectLetters({})(letter(undefined))).toBe(true);
  });

  it.each([
    ['out', 'time-out: 5 s', true],
    ['Out', 'time-out: 5 s', false],
    ['/^TIME/', 'time-out: 5 s', false],
    ['/^TIME/i', 'time-out: 5 s', true],
    ['/a|b/', 'b', true],
    ['/', 'a/b', true],
    ['out', undefined, false],
  ])('by error %s: %s → %s', (error, text, isMeant) => {
    expect(selectLetters({ error })(letter(text))).toBe(isMeant);
  });

  it('by time: from the one on, up to and without the other', () => {
    const select = selectLetters({ afterMs: 1_000, beforeMs: 2_000 });
    expect([999, 1_000, 1_999, 2_000].map((ms) => select(letter('', ms)))).toEqual([false, true, true, false]);
  });

  it('fails for an expression that is none', () => {
    expect(() => selectLetters({ error: '/(/' })).toThrow(
      /^--error must be a text or an \/expression\/, got '\/\(\/': /,
    );
  });
});
