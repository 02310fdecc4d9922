import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainSeconds, throughput } from '../../../lib/messaging/drain-time.ts';

const pace = { concurrency: 10, itemsAtATime: 5, itemSeconds: 2 };

describe('throughput', () => {
  it('is concurrency × items at a time / seconds per item', () => {
    expect(throughput(pace)).toBe(25);
  });
});

describe('drainSeconds', () => {
  it('is backlog / (throughput − arrivals)', () => {
    expect(drainSeconds(50_000, 0, pace)).toBe(2_000);
    expect(drainSeconds(50_000, 20, pace)).toBe(10_000);
    expect(drainSeconds(0, 20, pace)).toBe(0);
  });

  it('is without end where as much arrives as is done, or more', () => {
    expect(drainSeconds(1, 24.5, pace)).toBe(2);
    expect(drainSeconds(1, 25, pace)).toBe(Number.POSITIVE_INFINITY);
    expect(drainSeconds(0, 26, pace)).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves nothing: what is done in that time is the backlog and what arrived meanwhile', () => {
    const whole = (max: number) => fc.integer({ min: 1, max });
    fc.assert(
      fc.property(
        whole(1_000_000),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        whole(1_000),
        whole(10),
        whole(900),
        (backlog, load, concurrency, itemsAtATime, itemSeconds) => {
          const drawn = { concurrency, itemsAtATime, itemSeconds };
          const arrivals = load * throughput(drawn);
          const seconds = drainSeconds(backlog, arrivals, drawn);
          const arrived = backlog + arrivals * seconds;
          expect(Math.abs(throughput(drawn) * seconds - arrived)).toBeLessThan(1e-6 * arrived);
        },
      ),
    );
  });
});
