import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../../../../../local/twin/gateway/model/iso-time.ts';

describe('epochSeconds', () => {
  test('agrees with the calendar of JavaScript', () => {
    const date = fc.date({ min: new Date(0), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (time) => {
        expect(epochSeconds(time.toISOString())).toBe(Math.floor(time.getTime() / 1_000));
      }),
    );
  });

  test.each<[string, number | undefined]>([
    ['1795305600', 1_795_305_600],
    ['2026-11-22', 1_795_305_600],
    ['2026-11-22T01:00:00+01:00', 1_795_305_600],
    ['2026-11-21T23:30:00-00:30', 1_795_305_600],
    ['2026-13-01', undefined],
    ['now', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(epochSeconds(text)).toBe(expected);
  });
});
