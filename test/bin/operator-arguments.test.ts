import { describe, expect, it } from 'vitest';
import { readTime } from '../../bin/operator-arguments.ts';

describe('readTime', () => {
  it.each([
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    ['2026-11-22T10:00Z', Date.UTC(2026, 10, 22, 10)],
    ['2026-11-22T10:00:00.5Z', Date.UTC(2026, 10, 22, 10, 0, 0, 500)],
    // Another day in UTC.
    ['2026-11-22T00:30:00+02:00', Date.UTC(2026, 10, 21, 22, 30)],
  ])('reads %s', (text, ms) => {
    expect(readTime('--from', text)).toBe(ms);
  });

  it.each([
    '',
    'noon',
    '22.11.2026',
    '2026-11-22T10:00',
    '2026-13-01',
    '2026-02-30',
    '2026-02-29T10:00Z',
    '2026-11-22T25:00Z',
  ])("fails for '%s'", (text) => {
    expect(() => readTime('--from', text)).toThrow(
      `--from must be a time such as 2026-11-22T10:00:00Z, got '${text}'; --help shows how it goes`,
    );
  });
});
