import { describe, expect, it } from 'vitest';
import { admittedPart, playSurge, type Surge, surgeFigures, total } from '../support/load-figures.ts';

const SEEDS = [11, 12];
const ALGORITHMS = ['gradient', 'aimd'] as const;
const BOUNDS = ['limit', 'line'] as const;

/** Service times of 20 ms to 2 s, limits of 4 to 200; the largest by itself below, since it has the most events. */
const GRID = ALGORITHMS.flatMap((algorithm) =>
  BOUNDS.flatMap((bound) =>
    [4, 20, 200].flatMap((capacity) =>
      [20, 200, 2_000]
        .filter((workMs) => capacity < 200 || workMs > 20)
        .map((workMs) => ({ algorithm, bound, capacity, workMs })),
    ),
  ),
);

function averages(surge: Surge) {
  const runs = SEEDS.map((seed) => surgeFigures({ ...surge, seed }, playSurge({ ...surge, seed })));
  const mean = (figure: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;
  return {
    critical: mean((run) => run.critical),
    sheddablePlus: mean((run) => run.sheddablePlus),
    sheddable: mean((run) => run.sheddable),
    goodput: mean((run) => run.goodput),
    deviation: mean((run) => run.deviation),
    admittedAfter: mean((run) => run.admittedAfter),
    throttled: mean((run) => run.throttled),
  };
}

describe('a service at twice its capacity', () => {
  it.each(GRID)('$algorithm, $bound, $capacity at a time, $workMs ms: keeps what is critical', (cell) => {
    const figures = averages({ ...cell, overload: 2 });
    // Where four are served at a time and the limit has to find that out, its steps are as large as the service.
    const isTiny = cell.bound === 'line' && cell.capacity === 4;
    expect(figures.critical).toBeGreaterThanOrEqual(isTiny ? 0.98 : 0.99);
    expect(figures.goodput).toBeGreaterThanOrEqual(0.85);
    expect(figures.sheddable).toBeLessThan(figures.sheddablePlus / 2);
    expect(figures.throttled).toBe(0);
    // Half a minute after the load has fallen; a limit of four is full now and then by chance alone.
    expect(figures.admittedAfter).toBeGreaterThanOrEqual(cell.capacity === 4 ? 0.9 : 0.99);
  });

  it('does so at 20,000 requests per second', () => {
    const surge = { algorithm: 'gradient', bound: 'limit', capacity: 200, workMs: 20, overload: 2, seed: 11 } as const;
    const figures = surgeFigures(surge, playSurge(surge));
    expect(figures.critical).toBeGreaterThanOrEqual(0.999);
    expect(figures.goodput).toBeGreaterThanOrEqual(0.85);
    expect(figures.admittedAfter).toBeGreaterThanOrEqual(0.999);
  });

  it.each(ALGORITHMS)('does not swing (%s)', (algorithm) => {
    for (const workMs of [20, 200]) {
      expect(
        averages({ algorithm, bound: 'limit', capacity: 200, workMs: Math.max(workMs, 100), overload: 2 }).deviation,
      ).toBeLessThan(0.05);
      expect(averages({ algorithm, bound: 'line', capacity: 20, workMs, overload: 2 }).deviation).toBeLessThan(0.1);
    }
  });
});

describe('a service at four times its capacity', () => {
  it.each(ALGORITHMS)('serves nothing but what is critical, and as much as it can (%s)', (algorithm) => {
    for (const bound of BOUNDS) {
      const figures = averages({ algorithm, bound, capacity: 20, workMs: 200, overload: 4 });
      expect(figures.critical).toBeGreaterThan(0.7);
      expect(figures.sheddablePlus).toBeLessThan(0.1);
      expect(figures.sheddable).toBeLessThan(0.01);
      expect(figures.goodput).toBeGreaterThanOrEqual(0.85);
    }
  });
});

describe.each(ALGORITHMS)('a service over time (%s)', (algorithm) => {
  const surge = { algorithm, bound: 'limit', capacity: 20, workMs: 200, overload: 2, seed: 21 } as const;
  const PER_SECOND = 100;

  it('follows a ramp up to three times its capacity and down again', () => {
    const demand = (atMs: number) => PER_SECOND * (0.4 + 2.6 * Math.max(0, 1 - Math.abs(atMs - 60_000) / 60_000));
    const seconds = playSurge(surge, { demand, peakDemand: PER_SECOND * 3, durationMs: 180_000 });
    const top = seconds.slice(50, 70);
    expect(admittedPart(seconds, 'critical')).toBeGreaterThanOrEqual(0.99);
    expect(total(top, ({ completed }) => completed) / 20 / PER_SECOND).toBeGreaterThanOrEqual(0.85);
    expect(admittedPart(seconds.slice(150), 'sheddable')).toBeGreaterThanOrEqual(0.98);
  });

  it.each(BOUNDS)('outlives a dependency that is ten times as slow for a while (%s)', (bound) => {
    const seconds = playSurge(
      { ...surge, bound },
      {
        demand: () => PER_SECOND * 0.4,
        peakDemand: PER_SECOND * 0.4,
        workMs: (atMs) => (atMs > 10_000 && atMs < 50_000 ? 2_000 : 200),
        durationMs: 120_000,
      },
    );
    const slow = seconds.slice(15, 50);
    expect(admittedPart(slow, 'critical')).toBeGreaterThan(0.5);
    expect(admittedPart(slow, 'sheddable')).toBeLessThan(admittedPart(slow, 'critical') / 4);
    expect(Math.min(...slow.map(({ limit }) => limit))).toBeGreaterThanOrEqual(4);
    for (const priority of ['critical', 'sheddable-plus', 'sheddable'] as const) {
      expect(admittedPart(seconds.slice(80), priority)).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('goes on when one environment in fifty is killed with a request, and forgets the request', () => {
    const leaseMs = 3_000;
    const load = { algorithm, min: 4, initial: 20, max: 20, leaseMs, parkedMax: 0 };
    const lost = playSurge(surge, { lostPart: 0.02, load });
    const figures = surgeFigures(surge, lost);
    expect(figures.critical).toBeGreaterThanOrEqual(0.99);
    // A lost request holds its place for 15 times as long as it would have taken: 0.02 · 15 = 0.3 of the others.
    expect(figures.goodput).toBeGreaterThanOrEqual(0.6);
    expect(figures.admittedAfter).toBeGreaterThanOrEqual(0.99);
  });
});
