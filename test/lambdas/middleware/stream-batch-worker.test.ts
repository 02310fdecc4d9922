import { describe, expect, it } from 'vitest';
import {
  createStreamBatchWorker,
  type StreamBatchWorkerOptions,
} from '../../../lambdas/middleware/stream-batch-worker.ts';
import { ManualTimers } from '../../support/manual-timers.ts';
import { lambdaContext } from '../../support/proxy-event.ts';
import { RecordingLogger } from '../../support/recording-logger.ts';
import { failuresOf, feedUpdated, kinesisEvent, kinesisRecord } from '../../support/worker-events.ts';

function setUp(options: Partial<StreamBatchWorkerOptions<'FeedUpdated'>> = {}, remainingMs = 10_000) {
  const timers = new ManualTimers();
  const logger = new RecordingLogger();
  const batches: string[][] = [];
  const worker = createStreamBatchWorker({
    types: ['FeedUpdated'],
    handleBatch: async (events) => {
      batches.push(events.map(({ id }) => id));
      return new Set<string>();
    },
    setTimer: timers.setTimer,
    logger,
    ...options,
  });
  const run = (...records: ReturnType<typeof kinesisRecord>[]) =>
    failuresOf(worker(kinesisEvent(...records), lambdaContext({ remainingMs })));
  return { timers, logger, batches, run };
}

const record = (at: number, id = `e${at}`) => kinesisRecord(at, feedUpdated(id));

describe('createStreamBatchWorker', () => {
  it('hands over the events of the types asked for at once, each once, in order', async () => {
    const { run, batches } = setUp();
    const other = kinesisRecord(3, { ...feedUpdated('x'), type: 'AccountClosed' });
    expect(await run(record(1), record(2), other, record(4, 'e1'))).toEqual([]);
    expect(batches).toEqual([['e1', 'e2']]);
  });

  it('is not called for nothing', async () => {
    const { run, batches } = setUp();
    expect(await run(kinesisRecord(1, { ...feedUpdated('x'), type: 'AccountClosed' }))).toEqual([]);
    expect(batches).toEqual([]);
  });

  it('names all records of the events that failed', async () => {
    const { run } = setUp({ handleBatch: async () => new Set(['e2']) });
    expect(await run(record(1), record(2), record(3), record(4, 'e2'))).toEqual(['2', '4']);
  });

  it('names what nobody can read, logs where it is, and hands over the rest', async () => {
    const { run, batches, logger } = setUp();
    expect(await run(record(1), kinesisRecord(2, '{ broken'), record(3))).toEqual(['2']);
    expect(batches).toEqual([['e1', 'e3']]);
    expect(logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '2', partitionKey: 'ann' }]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no luck'))],
    [
      'throws at once',
      () => {
        throw new Error('no luck');
      },
    ],
    ['names what is not in the batch', async () => new Set(['e7'])],
  ])('names everything where the handler %s', async (_case, handleBatch) => {
    const { run, logger } = setUp({ handleBatch });
    expect(await run(record(1), record(2))).toEqual(['1', '2']);
    expect(logger.lines).toMatchObject([{ level: 'error', events: 2 }]);
  });

  it('tells the handler a second before the end, and names everything where it does not heed that', async () => {
    const heard: boolean[] = [];
    const { run, timers } = setUp({
      handleBatch: (_events, signal) => {
        signal.addEventListener('abort', () => heard.push(true));
        return new Promise(() => {});
      },
    });
    const answer = run(record(1));
    await timers.advance(8_999);
    expect(heard).toEqual([]);
    await timers.advance(1);
    expect(heard).toEqual([true]);
    await timers.advance(400);
    expect(await answer).toEqual(['1']);
  });

  it('begins nothing where there is no time', async () => {
    const { run, batches } = setUp({}, 1_000);
    expect(await run(record(1))).toEqual(['1']);
    expect(batches).toEqual([]);
  });
});
