import { describe, expect, it } from 'vitest';
import { createStreamWorker, type StreamWorkerOptions } from '../../../lambdas/middleware/stream-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { failuresOf, feedUpdated, kinesisEvent, kinesisRecord } from '../../support/worker-events.ts';

type Options = StreamWorkerOptions<'FeedUpdated'>;

function setUp(options: Partial<Options> = {}) {
  const timers = new ManualTimers();
  const logger = new RecordingLogger();
  const handled: string[] = [];
  const worker = createStreamWorker({
    types: ['FeedUpdated'],
    handle: async ({ id }) => {
      handled.push(id);
    },
    concurrency: 4,
    setTimer: timers.setTimer,
    logger,
    ...options,
  });
  const run = (...records: ReturnType<typeof kinesisRecord>[]) =>
    failuresOf(worker(kinesisEvent(...records), lambdaContext()));
  return { timers, logger, handled, run };
}

/** Records 1, 2, … each with an event `e1`, `e2`, … of the author at its place. */
const records = (...authors: string[]) =>
  authors.map((author, index) => kinesisRecord(index + 1, feedUpdated(`e${index + 1}`, author), author));

describe('createStreamWorker', () => {
  it('handles every event of the types asked for, and skips all others', async () => {
    const { run, handled } = setUp();
    const other = { ...feedUpdated('e9'), type: 'AccountClosed', data: 42 };
    expect(await run(...records('ann', 'bob'), kinesisRecord(3, other))).toEqual([]);
    expect(handled).toEqual(['e1', 'e2']);
  });

  it('names what failed and those of its key behind it, and goes on with other keys', async () => {
    const { run, handled } = setUp({
      handle: async ({ id }) => {
        if (id === 'e1') throw new Error('no luck');
        handled.push(id);
      },
    });
    expect(await run(...records('ann', 'bob', 'ann', 'bob'))).toEqual(['1', '3']);
    expect(handled).toEqual(['e2', 'e4']);
  });

  it('handles an event that is there twice once, and names both of its records where it failed', async () => {
    const { run, handled } = setUp();
    const twice = [1, 2].map((at) => kinesisRecord(at, feedUpdated('e1')));
    expect(await run(...twice)).toEqual([]);
    expect(handled).toEqual(['e1']);
    const failing = setUp({ handle: () => Promise.reject(new Error('no luck')) });
    expect(await failing.run(...twice)).toEqual(['1', '2']);
  });

  it('names a record that nobody can read, logs where it is, and holds back what is behind it under its key', async () => {
    const { run, handled, logger } = setUp();
    const broken = kinesisRecord(2, '{ broken', 'bob');
    const [first, , third, fourth] = records('ann', '-', 'bob', 'cyd');
    expect(await run(...[first, broken, third, fourth].filter((each) => each !== undefined))).toEqual(['2', '3']);
    expect(handled).toEqual(['e1', 'e4']);
    expect(logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '2', partitionKey: 'bob' }]);
  });

  it('names the records also where all of them fail, instead of throwing', async () => {
    const { run, logger } = setUp({ handle: () => Promise.reject(new Error('no luck')) });
    expect(await run(...records('ann', 'bob'))).toEqual(['1', '2']);
    expect(logger.lines).toMatchObject([
      { level: 'error', sequenceNumber: '1', eventId: 'e1', error: new Error('no luck') },
      { level: 'error', sequenceNumber: '2', eventId: 'e2' },
    ]);
  });

  it('names what a handler throws at once', async () => {
    const { run } = setUp({
      handle: () => {
        throw new Error('no luck');
      },
    });
    expect(await run(...records('ann'))).toEqual(['1']);
  });

  it('has no more events in work than it may, and never two of a key', async () => {
    const busy = new Set<string>();
    let most = 0;
    const { run } = setUp({
      concurrency: 3,
      handle: async ({ subject }) => {
        expect(busy.has(subject)).toBe(false);
        busy.add(subject);
        most = Math.max(most, busy.size);
        await new Promise((resolve) => setImmediate(resolve));
        busy.delete(subject);
      },
    });
    expect(await run(...records('a', 'a', 'b', 'c', 'd', 'a', 'e', 'b'))).toEqual([]);
    expect(most).toBe(3);
  });
});
