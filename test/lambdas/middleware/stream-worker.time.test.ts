import { describe, expect, it } from 'vitest';
import { createStreamWorker, type StreamWorkerOptions } from '../../../lambdas/middleware/stream-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { failuresOf, feedUpdated, kinesisEvent, kinesisRecord } from '../../support/worker-events.ts';

type Handle = StreamWorkerOptions<'FeedUpdated'>['handle'];

const never = () => new Promise<never>(() => {});
const record = (at: number, author = `author ${at}`) => kinesisRecord(at, feedUpdated(`e${at}`, author), author);

function setUp(handle: Handle, { concurrency = 4, remainingMs = 10_000 } = {}) {
  const timers = new ManualTimers();
  const logger = new RecordingLogger();
  const worker = createStreamWorker({
    types: ['FeedUpdated'],
    handle,
    concurrency,
    setTimer: timers.setTimer,
    logger,
  });
  const run = (...records: ReturnType<typeof kinesisRecord>[]) =>
    failuresOf(worker(kinesisEvent(...records), lambdaContext({ remainingMs })));
  return { timers, logger, run };
}

/**
 * A processor that all handlers share: those in flight each get an equal part of it. So much work of one event is done after
 * that many ms alone.
 */
function sharedProcessor(timers: ManualTimers) {
  const inFlight = new Map<symbol, { leftMs: number; readonly end: () => void }>();
  const tick = () => {
    const partMs = 10 / inFlight.size;
    for (const job of inFlight.values()) job.leftMs -= partMs;
    for (const [id, { leftMs, end }] of inFlight) {
      if (leftMs > 0.001) continue;
      inFlight.delete(id);
      end();
    }
    timers.setTimer(10, tick);
  };
  timers.setTimer(10, tick);
  return (costMs: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const id = Symbol();
      inFlight.set(id, { leftMs: costMs, end: resolve });
      signal.addEventListener('abort', () => {
        inFlight.delete(id);
        reject(signal.reason);
      });
    });
}

describe('createStreamWorker, as the time of its function runs out', () => {
  it('names what was in flight and what was not begun, and logs how much is left, not each event', async () => {
    const { run, timers, logger } = setUp((_event, signal) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const answer = run(record(1, 'ann'), record(2, 'bob'), record(3, 'ann'));
    await timers.advance(9_000);
    expect(await answer).toEqual(['1', '2', '3']);
    expect(logger.lines).toMatchObject([{ level: 'warn', records: 3, left: 3 }]);
  });

  it('answers while handlers hang, with what is done', async () => {
    const { run, timers } = setUp(({ id }) => (id === 'e2' ? never() : Promise.resolve()));
    const answer = run(record(1), record(2), record(3));
    await timers.advance(9_400);
    expect(await answer).toEqual(['2']);
  });

  it('begins nothing where there is no time', async () => {
    const handled: string[] = [];
    const { run } = setUp(async ({ id }) => void handled.push(id), { remainingMs: 900 });
    expect(await run(record(1))).toEqual(['1']);
    expect(handled).toEqual([]);
  });

  it('gives the first event the function to itself after a quarter of the time', async () => {
    const heard: string[] = [];
    const { run, timers } = setUp(({ id }, signal) => {
      signal.addEventListener('abort', () => heard.push(id));
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const answer = run(record(1), record(2), record(3));
    await timers.advance(2_249);
    expect(heard).toEqual([]);
    await timers.advance(1);
    expect(heard).toEqual(['e2', 'e3']);
    await timers.advance(6_750);
    expect(await answer).toEqual(['1', '2', '3']);
  });

  it.each([
    ['all at once', [6_700, 6_700, 6_700, 6_700], 4],
    ['one after the other', [6_700, 6_700], 1],
    ['of which the first is the longest', [6_700, 100, 3_000, 20, 5_000, 300], 3],
  ])(
    'gets on with each delivery of events that are too much for one, taken %s',
    async (_case, costsMs, concurrency) => {
      let checkpoint = 0;
      for (let deliveries = 0; checkpoint < costsMs.length; deliveries += 1) {
        expect(deliveries).toBeLessThan(costsMs.length);
        const timers = new ManualTimers();
        timers.settle = () => new Promise((resolve) => setImmediate(resolve));
        const work = sharedProcessor(timers);
        const worker = createStreamWorker({
          types: ['FeedUpdated'],
          handle: ({ id }, signal) => work(costsMs[Number(id.slice(1))] ?? 0, signal),
          concurrency,
          setTimer: timers.setTimer,
          logger: new RecordingLogger(),
        });
        const batch = [...costsMs.keys()].slice(checkpoint).map((at) => record(at));
        const answer = failuresOf(worker(kinesisEvent(...batch), lambdaContext()));
        await timers.advance(9_500);
        const failed = (await answer).map(Number);
        checkpoint = failed.length === 0 ? costsMs.length : Math.min(...failed);
      }
    },
  );
});
