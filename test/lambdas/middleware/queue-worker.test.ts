import { describe, expect, it } from 'vitest';
import type { Job } from '../../../lambdas/middleware/queue-worker.ts';
import { queueWorkerFixture, type Task, TRACEPARENT } from '../../support/queue-worker-fixture.ts';
import { sqsRecord } from '../../support/worker-events.ts';

const failing = (error: unknown) => () => Promise.reject(error);
const text = (stringValue: string) => ({ dataType: 'String', stringValue });

describe('createQueueWorker', () => {
  it('does the work of each message with what there is to know about it, and acknowledges it', async () => {
    const jobs: Job<Task>[] = [];
    const { run, message, acceptedAtMs, queue } = queueWorkerFixture({
      handle: async (job) => {
        jobs.push(job);
      },
    });
    const deadlineMs = acceptedAtMs + 1;
    expect(await run(message('a', { receives: 2, deadlineMs }), message('b'))).toEqual([]);
    const common = { acceptedAtMs, traceparent: TRACEPARENT };
    expect(jobs).toEqual([
      { ...common, id: 'id of a', data: { task: 'a' }, attempt: 2, deadlineMs, messageId: 'a' },
      { ...common, id: 'id of b', data: { task: 'b' }, attempt: 1, deadlineMs: undefined, messageId: 'b' },
    ]);
    expect(queue).toMatchObject({ returned: [], deadLetters: [] });
  });

  it('names what fails alone, and makes it visible after a delay that grows with its attempts', async () => {
    const { run, message, queue, done } = queueWorkerFixture({
      handle: async ({ data }) => {
        if (data.task !== 'b') throw new Error('no luck');
        done.push(data.task);
      },
    });
    const records = [message('a'), message('b'), message('c', { receives: 3 })];
    expect((await run(...records)).toSorted()).toEqual(['a', 'c']);
    expect(done).toEqual(['b']);
    expect(queue.returned.toSorted()).toEqual([
      ['receipt of a, 1', 5],
      ['receipt of c, 3', 20],
    ]);
  });

  it('sets aside after the last attempt, with the body untouched and what there is to know', async () => {
    const { run, message, queue, timers } = queueWorkerFixture({ handle: failing(new Error('no luck')) });
    const record = message('a', {
      receives: 5,
      messageAttributes: { tenant: { dataType: 'String', stringValue: 'acme' } },
    });
    expect(await run(record)).toEqual([]);
    expect(queue.deadLetters).toEqual([
      {
        body: record.body,
        attributes: {
          error: text('Error: no luck'),
          attempts: { dataType: 'Number', stringValue: '5' },
          traceId: text('4bf92f3577b34da6a3ce929d0e0e4736'),
          setAsideAt: text(new Date(timers.clock.now()).toISOString()),
          sourceMessageId: text('a'),
        },
        ownAttributes: { tenant: text('acme') },
        groupId: undefined,
        deduplicationId: undefined,
      },
    ]);
    expect(queue.returned).toEqual([]);
  });

  it('sets aside at once what no attempt will change', async () => {
    const error = Object.assign(new Error('it is no video'), { code: 'not-a-video', retryable: false });
    const { run, message, queue } = queueWorkerFixture({ handle: failing(error) });
    expect(await run(message('a'))).toEqual([]);
    expect(queue.deadLetters).toMatchObject([{ attributes: { error: text('not-a-video: it is no video') } }]);
  });

  it.each([
    ['is no JSON', '{', 'the message is no work item'],
    ['is empty', '', 'the message is no work item'],
    ['is no work item', { id: 'a', data: { task: 'a' } }, 'the message is no work item, at acceptedAtMs'],
    ['has an empty id', { id: '', acceptedAtMs: 1, data: { task: 'a' } }, 'the message is no work item, at id'],
  ])('sets aside a message at once that %s, and calls nobody', async (_case, body, reason) => {
    const called: string[] = [];
    const { run, queue, done } = queueWorkerFixture({ onSetAside: async ({ id }) => void called.push(id) });
    const record = sqsRecord({ messageId: 'a', body });
    expect(await run(record)).toEqual([]);
    expect(queue.deadLetters).toMatchObject([{ body: record.body }]);
    expect(queue.deadLetters[0]?.attributes.error?.stringValue).toContain(`unreadable-work: ${reason}`);
    expect([...done, ...called]).toEqual([]);
  });

  it('sets aside work whose data is against its schema, and has its record say so', async () => {
    const called: unknown[] = [];
    const { run, queue, done } = queueWorkerFixture({
      onSetAside: async ({ id, data }) => void called.push([id, data]),
    });
    const body = { id: 'job-1', acceptedAtMs: 1, traceparent: TRACEPARENT, data: { task: 42 } };
    expect(await run(sqsRecord({ body }))).toEqual([]);
    expect(called).toEqual([['job-1', { task: 42 }]]);
    expect(queue.deadLetters[0]?.attributes.traceId).toEqual(text('4bf92f3577b34da6a3ce929d0e0e4736'));
    expect(done).toEqual([]);
  });

  it('keeps a message that could not be set aside, with the error that it failed with in the log', async () => {
    const { run, message, queue, logger } = queueWorkerFixture({ handle: failing(new Error('no luck')) });
    queue.setAside = failing(new Error('queue is gone'));
    expect(await run(message('a', { receives: 5 }))).toEqual(['a']);
    expect(queue.returned).toEqual([['receipt of a, 5', 80]]);
    expect(logger.lines).toMatchObject([
      { level: 'error', messageId: 'a', error: new Error('queue is gone'), failedWith: new Error('no luck') },
    ]);
  });

  it('records that a job has failed before its message is a dead letter, and keeps the message where that fails', async () => {
    const order: string[] = [];
    const { run, message, queue } = queueWorkerFixture({
      handle: failing(new Error('no luck')),
      onSetAside: async ({ id }, error) => {
        order.push(`${id}: ${error}`);
        if (order.length === 1) throw new Error('table is gone');
      },
    });
    queue.setAside = async ({ body }) => void order.push(body);
    const record = message('a', { receives: 5 });
    expect(await run(record)).toEqual(['a']);
    expect(await run(record)).toEqual([]);
    expect(order).toEqual(['id of a: Error: no luck', 'id of a: Error: no luck', record.body]);
  });

  it('sets aside what was delivered too often and never came to an end, without trying it once more', async () => {
    const { run, message, queue, done } = queueWorkerFixture();
    expect(await run(message('a', { receives: 6 }))).toEqual([]);
    expect(done).toEqual([]);
    expect(queue.deadLetters[0]?.attributes.error?.stringValue).toMatch(/^never-ended: delivered 6 times/);
  });

  it('names a message that failed although its visibility could not be changed', async () => {
    const { run, message, queue, logger } = queueWorkerFixture({ handle: failing(new Error('no luck')) });
    queue.changeVisibility = failing(new Error('queue is gone'));
    expect(await run(message('a'))).toEqual(['a']);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  it('drops work at its deadline, not before, and records it', async () => {
    const expired: string[] = [];
    const { run, message, acceptedAtMs, timers, done } = queueWorkerFixture({
      onExpired: async ({ id }) => void expired.push(id),
    });
    const deadlineMs = acceptedAtMs + 1_000;
    timers.clock.advance(999);
    expect(await run(message('a', { deadlineMs }))).toEqual([]);
    timers.clock.advance(1);
    // Whatever its number: what is too late is not a failure of its worker's.
    expect(await run(message('b', { deadlineMs, receives: 9 }))).toEqual([]);
    expect(done).toEqual(['a']);
    expect(expired).toEqual(['id of b']);
  });

  it('keeps expired work until it is recorded, and sets it aside where that never succeeds', async () => {
    const { run, message, acceptedAtMs, queue, done } = queueWorkerFixture({
      onExpired: failing(new Error('table is gone')),
    });
    expect(await run(message('a', { deadlineMs: acceptedAtMs }))).toEqual(['a']);
    expect(await run(message('a', { deadlineMs: acceptedAtMs, receives: 5 }))).toEqual([]);
    expect(queue.deadLetters).toMatchObject([{ attributes: { error: text('Error: table is gone') } }]);
    expect(done).toEqual([]);
  });

  it('has no more messages in work than it may, and starts with those delivered most often', async () => {
    let inWork = 0;
    let most = 0;
    const started: string[] = [];
    const { run, message } = queueWorkerFixture({
      concurrency: 2,
      handle: async ({ data }) => {
        started.push(data.task);
        inWork += 1;
        most = Math.max(most, inWork);
        await new Promise((resolve) => setImmediate(resolve));
        inWork -= 1;
      },
    });
    const receives = [1, 3, 1, 4, 2];
    expect(await run(...receives.map((each, at) => message(`${at}`, { receives: each })))).toEqual([]);
    expect(most).toBe(2);
    expect(started).toEqual(['3', '1', '4', '0', '2']);
  });

  it('does a message once that a batch holds twice', async () => {
    const { run, message, done } = queueWorkerFixture();
    expect(await run(message('a'), message('a', { receives: 2 }))).toEqual([]);
    expect(done).toEqual(['a']);
    const poor = queueWorkerFixture({ handle: failing(new Error('no luck')) });
    expect(await poor.run(poor.message('a'), poor.message('a', { receives: 2 }))).toEqual(['a']);
    expect(poor.queue.returned).toEqual([['receipt of a, 2', 10]]);
  });
});
