import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../../../lambdas/adapters/valkey/deadlines.ts';

const late = () => new Error('late');
const never = () => new Promise<never>(() => {});
const later = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('there'), ms));

describe('Deadlines', () => {
  it('hands on what comes in time, good or bad', async () => {
    const deadlines = new Deadlines(1_000, late);
    expect(await deadlines.within(Promise.resolve(7))).toBe(7);
    await expect(deadlines.within(Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  });

  it('gives up on what takes longer, each at its own time', async () => {
    const deadlines = new Deadlines(30, late);
    const startedAt = performance.now();
    const first = deadlines.within(never()).catch(() => performance.now() - startedAt);
    await later(15);
    const second = deadlines.within(never()).catch(() => performance.now() - startedAt);
    const third = deadlines.within(later(1));
    expect(await third).toBe('there');
    expect(await first).toBeGreaterThanOrEqual(25);
    expect(await second).toBeGreaterThanOrEqual(40);
  });

  it('gives up on later ones as well, after its timer has run out', async () => {
    const deadlines = new Deadlines(5, late);
    await deadlines.within(Promise.resolve());
    await later(20);
    await expect(deadlines.within(never())).rejects.toThrow('late');
    await expect(deadlines.within(never())).rejects.toThrow('late');
  });

  it('reads what is there before it gives up, when this process itself was held up', async () => {
    const deadlines = new Deadlines(5, late);
    const reply = deadlines.within(new Promise((resolve) => setTimeout(() => resolve('there'), 1)));
    const until = performance.now() + 30;
    while (performance.now() < until);
    expect(await reply).toBe('there');
  });
});
