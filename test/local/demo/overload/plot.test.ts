import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisMax, axisTicks, escapeHtml, plot, timeAxis } from '../../../../local/demo/overload/plot.ts';

describe('axisMax', () => {
  it('is at least the largest value, and at most twice of it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const largest = Math.max(...values);
        expect(axisMax(values)).toBeGreaterThanOrEqual(largest);
        expect(axisMax(values)).toBeLessThanOrEqual(2 * largest);
      }),
    );
  });

  it('is 1 of nothing', () => {
    expect(axisMax([undefined])).toBe(1);
  });
});

describe('axisTicks', () => {
  it('are one to four, evenly apart, up to the end of the axis', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), (yMax) => {
        const ticks = axisTicks(yMax);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(4);
        expect(ticks.at(-1)).toBeLessThanOrEqual(yMax * 1.000001);
        expect(ticks.at(-1)).toBeCloseTo((ticks[0] ?? 0) * ticks.length, 2);
      }),
    );
  });

  it('are round', () => {
    expect(axisTicks(80)).toEqual([20, 40, 60, 80]);
    expect(axisTicks(1)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(axisTicks(600)).toEqual([200, 400, 600]);
  });
});

describe('plot', () => {
  it('stacks one series on the other, second by second', () => {
    const stack = [
      { className: 'a', values: [1, 2] },
      { className: 'b', values: [1, undefined] },
    ];
    const html = plot({ label: 'l', totalSeconds: 2, yMax: 4, stack });
    expect(html).toContain('class="a" d="M0.0 75.0H500.0L500.0 50.0H1000.0L1000.0 100.0H500.0L500.0 100.0H0.0Z"');
    expect(html).toContain('class="b" d="M0.0 50.0H500.0L500.0 50.0H1000.0L1000.0 50.0H500.0L500.0 75.0H0.0Z"');
  });

  it('breaks a line where a value is missing, and draws one that stands alone as a dash', () => {
    const lines = [{ className: 'a', values: [1, 1, undefined, 1] }];
    const html = plot({ label: 'l', totalSeconds: 4, yMax: 2, lines });
    expect(html).toContain('d="M125.0 50.0L375.0 50.0M750.0 50.0H1000.0"');
  });

  it('keeps what is beyond the axis on the paper', () => {
    const lines = [{ className: 'a', values: [9, 9] }];
    expect(plot({ label: 'l', totalSeconds: 2, yMax: 2, lines })).toContain('d="M250.0 0.0L750.0 0.0"');
  });

  it('escapes what it is told to say', () => {
    expect(plot({ label: '"<&>"', totalSeconds: 1, yMax: 1 })).toContain('aria-label="&quot;&lt;&amp;&gt;&quot;"');
    expect(escapeHtml('a & b')).toBe('a &amp; b');
  });
});

describe('timeAxis', () => {
  it('says minutes and seconds, at most seven times', () => {
    expect(timeAxis(84).match(/\d:\d\d/g)).toEqual(['0:00', '0:20', '0:40', '1:00']);
    for (const seconds of [60, 100, 600, 1_800])
      expect(timeAxis(seconds).match(/:\d\d</g)?.length).toBeLessThanOrEqual(7);
  });
});
