import { describe, expect, it } from 'vitest';
import type { FailedRecords } from '../../../../lambdas/adapters/messaging/failed-records.ts';
import { createSetAside, type Unreadable } from '../../../../lambdas/workers/outbox-relay/set-aside.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';
import { MemoryFailedRecords } from '../../../support/memory-failed-records.ts';
import { insertRecord } from '../../../support/outbox-records.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const INVOCATION = {
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:0:function:relay:live',
  awsRequestId: 'invocation-1',
};

const unreadable = (sequenceNumber: number): Unreadable => ({
  record: insertRecord(sequenceNumber, 'ann', { kind: { S: 'letter' } }),
  sequenceNumber: String(sequenceNumber),
  aggregate: 'ann',
  error: new Error('no such kind'),
});

function setUp(failedRecords: FailedRecords | undefined) {
  const timers = new ManualTimers();
  const logger = new RecordingLogger();
  const setAside = createSetAside({ failedRecords, setTimer: timers.setTimer, logger });
  return { timers, logger, run: (...numbers: number[]) => setAside(numbers.map(unreadable), INVOCATION, 1_000) };
}

describe('createSetAside', () => {
  it('leaves each record with those that failed, by the name of the function that Lambda called', async () => {
    const failed = new MemoryFailedRecords();
    const { run, logger } = setUp(failed);
    expect(await run(1, 2)).toEqual(new Set());
    const by = { functionArn: INVOCATION.invokedFunctionArn, requestId: 'invocation-1', condition: 'Unreadable' };
    expect([...failed.records]).toEqual([
      ['1', by],
      ['2', by],
    ]);
    expect(logger.lines).toMatchObject([
      { level: 'error', sequenceNumber: '1', aggregate: 'ann' },
      { level: 'error', sequenceNumber: '2', aggregate: 'ann' },
    ]);
  });

  it('names those that were not taken, and tries all others', async () => {
    const failed = new MemoryFailedRecords((number) => number === '2');
    const { run, logger } = setUp(failed);
    expect(await run(1, 2, 3)).toEqual(new Set(['2']));
    expect([...failed.records.keys()]).toEqual(['1', '3']);
    expect(logger.lines).toMatchObject([{}, {}, {}]);
    expect(logger.lines.find(({ sequenceNumber }) => sequenceNumber === '2')).toMatchObject({
      message: 'an entry of the outbox can neither be read nor set aside, and holds up its shard',
      cause: new Error('SlowDown'),
    });
  });

  it('waits no longer than it may, and tells the bucket', async () => {
    const signals: AbortSignal[] = [];
    const hung: FailedRecords = {
      put: (_record, _by, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    };
    const { run, timers } = setUp(hung);
    const left = run(1, 2);
    await timers.advance(999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    await timers.advance(1);
    expect(await left).toEqual(new Set(['1', '2']));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('names all where there is no bucket', async () => {
    const { run, logger } = setUp(undefined);
    expect(await run(1)).toEqual(new Set(['1']));
    expect(logger.lines).toMatchObject([{ cause: new Error('there is no bucket for failed records') }]);
  });

  it('sets no timer for nothing, and leaves none behind', async () => {
    const timers: string[] = [];
    const setAside = createSetAside({
      failedRecords: new MemoryFailedRecords(),
      setTimer: (delayMs) => {
        timers.push(`set ${delayMs}`);
        return () => void timers.push('called off');
      },
      logger: new RecordingLogger(),
    });
    expect(await setAside([], INVOCATION, 1_000)).toEqual(new Set());
    expect(timers).toEqual([]);
    await setAside([unreadable(1)], INVOCATION, 1_000);
    expect(timers).toEqual(['set 1000', 'called off']);
  });
});
