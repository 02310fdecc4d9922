import { describe, expect, it } from 'vitest';
import { queueWorkerFixture } from '../../support/queue-worker-fixture.ts';

const never = () => new Promise<never>(() => {});

describe('createQueueWorker, as the time of its function runs out', () => {
  it('tells work to end a second before, and keeps what ends with an error then, whatever its attempts', async () => {
    const { run, message, timers, queue } = queueWorkerFixture({
      handle: (_job, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const answer = run(message('a', { receives: 5 }));
    await timers.advance(8_999);
    expect(queue.returned).toEqual([]);
    await timers.advance(1);
    expect(await answer).toEqual(['a']);
    expect(queue).toMatchObject({ returned: [['receipt of a, 5', 1]], deadLetters: [] });
  });

  it('acknowledges what is done between the signal and the end', async () => {
    const { run, message, timers } = queueWorkerFixture({
      handle: (_job, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    const answer = run(message('a'));
    await timers.advance(9_000);
    expect(await answer).toEqual([]);
  });

  it('gives up work that does not heed the signal, and answers all the same', async () => {
    const { run, message, timers, queue } = queueWorkerFixture({
      handle: ({ data }) => (data.task === 'a' ? never() : Promise.resolve()),
    });
    const answer = run(message('a'), message('b'));
    await timers.advance(9_399);
    expect(queue.returned).toEqual([]);
    await timers.advance(1);
    expect(await answer).toEqual(['a']);
    expect(queue.returned).toEqual([['receipt of a, 1', 1]]);
  });

  it('says one thing of a message: what ends after it was given up changes nothing', async () => {
    const endings: (() => void)[] = [];
    const { run, message, timers, queue } = queueWorkerFixture({
      handle: () => new Promise((resolve) => endings.push(resolve)),
    });
    queue.changeVisibility = async () => {
      for (const end of endings) end();
    };
    const answer = run(message('a'));
    await timers.advance(9_400);
    expect(await answer).toEqual(['a']);
  });

  it('does not begin what it has no time for, and gives it back at once', async () => {
    const started: string[] = [];
    const { run, message, timers, queue } = queueWorkerFixture({
      concurrency: 1,
      handle: ({ data }) => {
        started.push(data.task);
        return never();
      },
    });
    const answer = run(message('a'), message('b'), message('c'));
    await timers.advance(9_400);
    expect((await answer).toSorted()).toEqual(['a', 'b', 'c']);
    expect(started).toEqual(['a']);
    expect(queue.returned.map(([, seconds]) => seconds)).toEqual([1, 1, 1]);
  });

  it.each([1_000, 500, 0])('begins nothing with %d ms left', async (remainingMs) => {
    const { run, message, done, queue } = queueWorkerFixture({ remainingMs });
    expect(await run(message('a'))).toEqual(['a']);
    expect(done).toEqual([]);
    expect(queue.deadLetters).toEqual([]);
  });

  it('counts a message as not set aside while nobody knows whether it was', async () => {
    const signals: AbortSignal[] = [];
    const error = Object.assign(new Error('no video'), { retryable: false });
    const { run, message, timers, queue } = queueWorkerFixture({ handle: () => Promise.reject(error) });
    queue.setAside = (...args: unknown[]) => {
      signals.push(args[1] as AbortSignal);
      return never();
    };
    const answer = run(message('a'));
    await timers.advance(9_400);
    expect(await answer).toEqual(['a']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('answers while a change of visibility hangs', async () => {
    const { run, message, timers, queue } = queueWorkerFixture({ handle: () => Promise.reject(new Error('no luck')) });
    queue.changeVisibility = never;
    const answer = run(message('a'));
    await timers.advance(9_800);
    expect(await answer).toEqual(['a']);
  });

  it('leaves no timer behind', async () => {
    let pending = 0;
    const { run, message } = queueWorkerFixture({
      setTimer: () => {
        pending += 1;
        return () => {
          pending -= 1;
        };
      },
    });
    await run(message('a'));
    expect(pending).toBe(0);
  });
});
