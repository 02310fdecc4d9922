import { describe, expect, it } from 'vitest';
import { globMatch } from '../../../../../local/twin/cache/embedded/glob-match.ts';

describe('globMatch', () => {
  it.each([
    ['*', ''],
    ['a*c', 'abbc'],
    ['a?c', 'abc'],
    ['a?c', 'a\nc'],
    ['[ab]x', 'bx'],
    ['[a-c]x', 'bx'],
    ['[^a-c]x', 'dx'],
    ['\\*', '*'],
    ['a.c', 'a.c'],
    ['{tag}:*', '{tag}:1'],
    ['[x', '[x'],
    ['a**b', 'ab'],
  ])('finds that %s matches %j', (pattern, text) => {
    expect(globMatch(pattern, text)).toBe(true);
  });

  it.each([
    ['', 'a'],
    ['a', 'ab'],
    ['a.c', 'abc'],
    ['[^a-c]x', 'ax'],
    ['\\*', 'a'],
    ['[]x', 'x'],
  ])('finds that %s does not match %j', (pattern, text) => {
    expect(globMatch(pattern, text)).toBe(false);
  });
});
