import { describe, expect, it } from 'vitest';
import { createStreamKeyWorker, type StreamKeyWorkerOptions } from '../../../lambdas/middleware/stream-key-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { failuresOf, feedUpdated, kinesisEvent, kinesisRecord } from '../../support/worker-events.ts';

function setUp(options: Partial<StreamKeyWorkerOptions<'FeedUpdated'>> = {}) {
  const logger = new RecordingLogger();
  const groups: string[][] = [];
  const worker = createStreamKeyWorker({
    types: ['FeedUpdated'],
    handleEvents: async (events) => {
      groups.push(events.map(({ id }) => id));
    },
    maxTogether: 3,
    concurrency: 4,
    setTimer: new ManualTimers().setTimer,
    logger,
    ...options,
  });
  const run = (...records: ReturnType<typeof kinesisRecord>[]) =>
    failuresOf(worker(kinesisEvent(...records), lambdaContext()));
  return { logger, groups, run };
}

/** Records 1, 2, … each with an event `e1`, `e2`, … of the author at its place. */
const records = (...authors: string[]) =>
  authors.map((author, index) => kinesisRecord(index + 1, feedUpdated(`e${index + 1}`, author), author));

describe('createStreamKeyWorker', () => {
  it('hands over the events of a key together, in order, but the first one of the batch by itself', async () => {
    const { run, groups } = setUp();
    expect(await run(...records('ann', 'bob', 'ann', 'bob', 'ann'))).toEqual([]);
    expect(groups).toEqual([['e1'], ['e2', 'e4'], ['e3', 'e5']]);
  });

  it('hands over no more than it may', async () => {
    const { run, groups } = setUp();
    expect(await run(...records('ann', 'bob', 'bob', 'bob', 'bob', 'bob', 'bob', 'bob'))).toEqual([]);
    expect(groups).toEqual([['e1'], ['e2', 'e3', 'e4'], ['e5', 'e6', 'e7'], ['e8']]);
  });

  it('names all that were handed over together where they fail, and those of their key behind them', async () => {
    const { run, groups, logger } = setUp({
      handleEvents: async (events) => {
        if (events.some(({ id }) => id === 'e3')) throw new Error('no luck');
        groups.push(events.map(({ id }) => id));
      },
    });
    expect(await run(...records('ann', 'bob', 'bob', 'ann', 'bob', 'bob'))).toEqual(['2', '3', '5', '6']);
    expect(groups).toEqual([['e1'], ['e4']]);
    expect(logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '2', partitionKey: 'bob', events: 3 }]);
  });

  it('fails with a record that nobody can read only what is behind it under its key', async () => {
    const { run, groups } = setUp();
    const [first, second, third, , fifth] = records('ann', 'bob', 'bob', '-', 'bob');
    const broken = kinesisRecord(4, '{', 'bob');
    expect(await run(...[first, second, third, broken, fifth].filter((each) => each !== undefined))).toEqual([
      '4',
      '5',
    ]);
    expect(groups).toEqual([['e1'], ['e2', 'e3']]);
  });
});
