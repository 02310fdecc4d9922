import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrderedTask, runInOrder } from '../../../../lambdas/middleware/workers/run-in-order.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';

const never = new AbortController().signal;
const free = { concurrency: 4, signal: never, narrow: never };
const donesOf = (run: ReturnType<typeof runInOrder>, tasks: readonly unknown[]) =>
  [...tasks.keys()].filter((index) => run.isDone(index));

/** A task that ends when it is told to. */
function heldTask(key: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const run = (signal: AbortSignal) => {
    signals.push(signal);
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  };
  return { key, run, signals, end: resolve, fail: () => reject(new Error('no luck')) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const started = (tasks: readonly { readonly signals: readonly AbortSignal[] }[]) =>
  [...tasks.keys()].filter((index) => (tasks[index]?.signals.length ?? 0) > 0);

describe('runInOrder', () => {
  it('ends at once without tasks', async () => {
    await runInOrder([], free).ended;
  });

  it('runs tasks of a key one after the other, and those of others meanwhile, the earliest first', async () => {
    const tasks = ['a', 'a', 'b', 'a', 'c'].map(heldTask);
    const run = runInOrder(tasks, { ...free, concurrency: 2 });
    expect(started(tasks)).toEqual([0, 2]);
    tasks[2]?.end();
    await settle();
    expect(started(tasks)).toEqual([0, 2, 4]);
    tasks[0]?.end();
    await settle();
    expect(started(tasks)).toEqual([0, 1, 2, 4]);
    for (const task of tasks) task.end();
    await run.ended;
    expect(donesOf(run, tasks)).toEqual([0, 1, 2, 3, 4]);
  });

  it('runs none of a key behind one that failed, and goes on with the others', async () => {
    const tasks = ['a', 'b', 'a', 'b', 'a'].map(heldTask);
    const run = runInOrder(tasks, free);
    tasks[0]?.fail();
    for (const at of [1, 3]) tasks[at]?.end();
    await run.ended;
    expect(started(tasks)).toEqual([0, 1, 3]);
    expect(donesOf(run, tasks)).toEqual([1, 3]);
  });

  it('begins none too far ahead of the first that is not done', async () => {
    const slow = heldTask('slow');
    const quick = Array.from({ length: 40 }, (_, index) => heldTask(`quick ${index}`));
    for (const task of quick) task.end();
    const run = runInOrder([slow, ...quick], free);
    await settle();
    expect(started(quick)).toHaveLength(4 * 4 - 1);
    slow.end();
    await run.ended;
    expect(started(quick)).toHaveLength(40);
  });

  it('begins none after the signal, and ends once those in flight have', async () => {
    const controller = new AbortController();
    const tasks = ['a', 'a', 'b'].map(heldTask);
    const run = runInOrder(tasks, { ...free, signal: controller.signal });
    tasks[2]?.end();
    await settle();
    controller.abort(new Error('time is up'));
    await run.ended;
    expect(started(tasks)).toEqual([0, 2]);
    expect(donesOf(run, tasks)).toEqual([2]);
  });

  it('begins none at all where the signal came first', async () => {
    const tasks = ['a'].map(heldTask);
    const run = runInOrder(tasks, { ...free, signal: AbortSignal.abort() });
    await run.ended;
    expect(started(tasks)).toEqual([]);
  });

  it('calls off all but the first where that is late, and does them again behind it, one after the other', async () => {
    const narrow = new AbortController();
    const log: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const first: OrderedTask = { key: 'first', run: () => promise };
    const others = ['a', 'b', 'c'].map((key) => ({
      key,
      run: async (signal: AbortSignal) => {
        log.push(`${key} begins`);
        if (!narrow.signal.aborted) await new Promise((_, reject) => signal.addEventListener('abort', reject));
        await settle();
        log.push(`${key} ends`);
      },
    }));
    const tasks = [first, ...others];
    const run = runInOrder(tasks, { ...free, narrow: narrow.signal });
    narrow.abort();
    await settle();
    expect(log).toEqual(['a begins', 'b begins', 'c begins']);
    resolve();
    await run.ended;
    expect(log.slice(3)).toEqual(['a', 'b', 'c'].flatMap((key) => [`${key} begins`, `${key} ends`]));
    expect(donesOf(run, tasks)).toEqual([0, 1, 2, 3]);
  });

  it('keeps what is done although it was called off', async () => {
    const narrow = new AbortController();
    const first = heldTask('first');
    let runs = 0;
    const deaf: OrderedTask = {
      key: 'deaf',
      run: async () => {
        runs += 1;
        await settle();
      },
    };
    const run = runInOrder([first, deaf], { ...free, narrow: narrow.signal });
    narrow.abort();
    await settle();
    await settle();
    first.end();
    await run.ended;
    expect(runs).toBe(1);
    expect(run.isDone(1)).toBe(true);
  });

  it.each([
    ['was in time', true],
    ['has failed', false],
  ])('calls nothing off where the first %s', async (_case, isDone) => {
    const narrow = new AbortController();
    const tasks = ['a', 'b'].map(heldTask);
    const run = runInOrder(tasks, { ...free, narrow: narrow.signal });
    if (isDone) tasks[0]?.end();
    else tasks[0]?.fail();
    await settle();
    narrow.abort();
    expect(tasks[1]?.signals[0]?.aborted).toBe(false);
    tasks[1]?.end();
    await run.ended;
  });

  it('keeps the order of each key and does all that can be done, whatever takes how long and fails', async () => {
    const anyTasks = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.nat(50), fails: fc.boolean() }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(
        anyTasks,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(100),
        async (specs, concurrency, narrowAtMs) => {
          const timers = new ManualTimers();
          const narrow = new AbortController();
          timers.setTimer(narrowAtMs, () => narrow.abort());
          const busy = new Set<string>();
          const ended: number[] = [];
          let most = 0;
          const tasks = specs.map(
            ({ key, ms, fails }, index): OrderedTask => ({
              key,
              run: (signal) =>
                new Promise((resolve, reject) => {
                  expect(busy.has(key)).toBe(false);
                  busy.add(key);
                  most = Math.max(most, busy.size);
                  const callOff = timers.setTimer(ms, () => {
                    busy.delete(key);
                    ended.push(index);
                    if (fails) reject(new Error('no luck'));
                    else resolve();
                  });
                  signal.addEventListener('abort', () => {
                    callOff();
                    busy.delete(key);
                    reject(signal.reason);
                  });
                }),
            }),
          );
          const run = runInOrder(tasks, { concurrency, signal: never, narrow: narrow.signal });
          await timers.advance(specs.length * 50 + 100);
          await run.ended;
          expect(most).toBeLessThanOrEqual(concurrency);
          const isHeld = (at: number) =>
            specs.some(({ key, fails }, index) => index < at && key === specs[at]?.key && fails);
          expect(donesOf(run, tasks)).toEqual([...specs.keys()].filter((at) => !specs[at]?.fails && !isHeld(at)));
          for (const key of 'abcd') {
            const own = ended.filter((index) => specs[index]?.key === key);
            expect(own).toEqual(own.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
