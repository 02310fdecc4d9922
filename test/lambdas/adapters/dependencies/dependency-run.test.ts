import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../local/soak/seeded-random.ts';
import { CLOSED, createDependencyFixture, PROBE } from './dependency-fixture.ts';

/** Twenty calls of 20 ms, so that there is a p95 and something to pay with. */
async function createWarm(options: Parameters<typeof createDependencyFixture>[0] = {}) {
  const fixture = createDependencyFixture(options);
  for (let call = 0; call < 20; call += 1) await fixture.outcome(fixture.request().call('db', fixture.script([20, 1])));
  const startMs = fixture.begun.length * 20;
  fixture.begun.length = 0;
  const times = () => fixture.begun.map(({ atMs }) => atMs - startMs);
  return { ...fixture, startMs, times };
}

describe('a hedged call', () => {
  it('begins again beside an attempt that takes longer than 95 % do, and takes the first answer', async () => {
    const { request, script, outcome, times, begun, startMs } = await createWarm();
    const ended = await outcome(
      request().call('db', script([150, 'slow'], [10, 'fast']), { idempotent: true, hedge: true }),
    );
    expect([ended.value, ended.atMs - startMs, times()]).toEqual(['fast', 30, [0, 20]]);
    expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it('records nothing of the attempt that lost', async () => {
    const { request, script, outcome, reports } = await createWarm();
    const one = request([{ ...CLOSED, isWatched: true }]);
    await outcome(one.call('db', script([150, 'slow'], [10, 'fast']), { idempotent: true, hedge: true }));
    one.settle();
    expect(reports).toEqual([{ outcomes: [0], claimMs: 0 }]);
  });

  it('waits for the other attempt where one fails', async () => {
    const { request, script, outcome, times } = await createWarm();
    const call = script([40, 'first'], [5, new Error('refused')]);
    const ended = await outcome(request().call('db', call, { idempotent: true, hedge: true }));
    expect([ended.value, times()]).toEqual(['first', [0, 20]]);
  });

  it.each([
    ['is not idempotent', { hedge: true }, CLOSED],
    ['does not ask for it', { idempotent: true }, CLOSED],
    ['is a probe', { idempotent: true, hedge: true }, PROBE],
  ])('begins once if it %s', async (_what, options, view) => {
    const { request, script, outcome, begun } = await createWarm();
    await outcome(request([view]).call('db', script([150, 1]), options));
    expect(begun.length).toBe(1);
  });

  it('begins once while too few calls were made to know how long they take', async () => {
    const { request, script, outcome, begun } = createDependencyFixture();
    await outcome(request().call('db', script([150, 1]), { idempotent: true, hedge: true }));
    expect(begun.length).toBe(1);
  });

  it('begins once where the dependency allows one attempt, or there is no room', async () => {
    for (const options of [{ spec: { attempts: 1 } }, { bulkhead: { concurrent: 1, queued: 5 } }]) {
      const { request, script, outcome, begun } = await createWarm(options);
      await outcome(request().call('db', script([150, 1]), { idempotent: true, hedge: true }));
      expect(begun.length).toBe(1);
    }
  });

  it('stays within a tenth of the calls', async () => {
    const { request, script, outcome, begun } = await createWarm();
    for (let call = 0; call < 20; call += 1) {
      await outcome(request().call('db', script([190, 1]), { idempotent: true, hedge: true }));
    }
    expect(begun.length).toBeGreaterThan(20);
    expect(begun.length).toBeLessThanOrEqual(20 + 1 + 4);
  });
});

const BROKEN = new Error('refused');
const oneCall = fc.record({
  idempotent: fc.boolean(),
  hedge: fc.boolean(),
  deadlineMs: fc.integer({ min: 0, max: 600 }),
  attempts: fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 30 }).map((tens) => tens * 10),
      fc.boolean(),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  besides: fc.boolean(),
});

describe('calls of a dependency, whatever happens', () => {
  it('are made no more often than allowed, not after their deadline, and within the budget', async () => {
    const numbers = fc.record({ attempts: fc.integer({ min: 1, max: 4 }), seed: fc.integer() });
    await fc.assert(
      fc.asyncProperty(
        numbers,
        fc.array(oneCall, { minLength: 1, maxLength: 25 }),
        async ({ attempts, seed }, sequence) => {
          const { request, script, outcome, begun, timers } = createDependencyFixture({
            spec: { attempts },
            random: seededRandom(seed),
          });
          const startMs = timers.clock.now();
          const pending: Promise<unknown>[] = [];
          let made = 0;
          for (const { idempotent, hedge, deadlineMs, besides, ...plan } of sequence) {
            const endsMs = timers.clock.now() - startMs + deadlineMs;
            const [mine, told]: [number[], number[]] = [[], []];
            const inner = script(...plan.attempts.map(([takesMs, fails]) => [takesMs, fails ? BROKEN : 1] as const));
            const call = request([CLOSED], deadlineMs).call(
              'db',
              (context) => {
                mine.push(timers.clock.now() - startMs);
                told.push(context.deadlineMs - startMs);
                return inner(context);
              },
              { idempotent, hedge },
            );
            const checked = call
              .catch((error) => error)
              .then(() => {
                expect(timers.clock.now() - startMs).toBeLessThanOrEqual(Math.max(endsMs, 0));
                expect(mine.length).toBeLessThanOrEqual(idempotent ? attempts : 1);
                for (const atMs of mine) expect(atMs).toBeLessThan(endsMs);
                for (const atMs of told) expect(atMs).toBeLessThanOrEqual(endsMs);
                made += mine.length > 0 ? 1 : 0;
              });
            pending.push(checked);
            if (!besides) await outcome(checked);
          }
          await outcome(Promise.all(pending));
          await Promise.all(pending);
          expect(begun.length - made).toBeLessThanOrEqual(1 + made / 10);
        },
      ),
      { numRuns: 50 },
    );
  });
});
