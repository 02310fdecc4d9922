import { describe, expect, it } from 'vitest';
import { timestampFormat } from '../../../../../local/twin/aws/firehose/timestamp-format.ts';

const atMs = Date.UTC(2026, 0, 2, 13, 4, 5, 67);

describe('timestampFormat', () => {
  it.each([
    ['yyyy/MM/dd/HH', '2026/01/02/13'],
    ["'year='yyyy'/month='MM", 'year=2026/month=01'],
    ['yy-M-d H:m:s', '26-1-2 13:4:5'],
    ['uuuu-hh.mm.ss.SSS', '2026-01.04.05.067'],
    ["yyyy''MM", "2026'01"],
  ])('writes %s', (pattern, expected) => {
    expect(timestampFormat(pattern)(atMs)).toBe(expected);
  });

  it('writes the time of a zone', () => {
    expect(timestampFormat('yyyy-MM-dd HH', 'Asia/Tokyo')(atMs)).toBe('2026-01-02 22');
    expect(timestampFormat('HH', 'America/New_York')(Date.UTC(2026, 0, 2, 5))).toBe('00');
  });

  it.each([
    ['YYYY', "'YYYY' has Y, the year of weeks; write y"],
    ['MMM', "'MMM' has 'MMM', which the twin does not know; it knows y, u, M, d, H, h, m, s and S"],
    ['EEE', "'EEE' has 'EEE', which the twin does not know; it knows y, u, M, d, H, h, m, s and S"],
    ["yyyy'T", "'yyyy'T' has a quote without an end"],
  ])('fails on %s', (pattern, message) => {
    expect(() => timestampFormat(pattern)).toThrow(new RangeError(message));
  });

  it('fails on a zone that there is not', () => {
    expect(() => timestampFormat('yyyy', 'Mars/Olympus')).toThrow(RangeError);
  });
});
