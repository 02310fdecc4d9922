import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueWorkerFixture } from '../../support/queue-worker-fixture.ts';

const FIFO = { isFifo: true };

describe('createQueueWorker, of a queue with order', () => {
  it('does the work of each group in order, and groups at a time', async () => {
    const log: string[] = [];
    const { run, message } = queueWorkerFixture(
      {
        handle: async ({ data }) => {
          log.push(`${data.task} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          log.push(`${data.task} ends`);
        },
      },
      FIFO,
    );
    const [x1, y1, x2] = [
      message('x1', { groupId: 'x' }),
      message('y1', { groupId: 'y' }),
      // Delivered more often, and still behind the other one of its group.
      message('x2', { groupId: 'x', receives: 4 }),
    ];
    expect(await run(x1, y1, x2)).toEqual([]);
    expect(log).toEqual(['x1 begins', 'y1 begins', 'x1 ends', 'x2 begins', 'y1 ends', 'x2 ends']);
  });

  it('stops a group at what fails, and gives back the rest of it at once, to wait behind that', async () => {
    const { run, message, queue, done } = queueWorkerFixture(
      {
        handle: async ({ data }) => {
          if (data.task === 'x2') throw new Error('no luck');
          done.push(data.task);
        },
      },
      FIFO,
    );
    const records = ['x1', 'x2', 'y1', 'x3', 'x4', 'y2'].map((task) => message(task, { groupId: task.slice(0, 1) }));
    expect(await run(...records)).toEqual(['x2', 'x3', 'x4']);
    expect(done.toSorted()).toEqual(['x1', 'y1', 'y2']);
    expect(queue.returned).toEqual([
      ['receipt of x2, 1', 5],
      ['receipt of x3, 1', 0],
      ['receipt of x4, 1', 0],
    ]);
  });

  it('goes on with a group behind what it has set aside, under the same group and the id of its message', async () => {
    const { run, message, queue, done } = queueWorkerFixture(
      {
        handle: async ({ data }) => {
          if (data.task === 'x1') throw Object.assign(new Error('no video'), { retryable: false });
          done.push(data.task);
        },
      },
      FIFO,
    );
    expect(await run(message('x1', { groupId: 'x' }), message('x2', { groupId: 'x' }))).toEqual([]);
    expect(done).toEqual(['x2']);
    expect(queue.deadLetters).toMatchObject([{ groupId: 'x', deduplicationId: 'x1' }]);
  });

  it('acknowledges of each group what came before the first that failed, and nothing else', async () => {
    const messages = fc.array(fc.record({ group: fc.constantFrom('x', 'y', 'z'), fails: fc.boolean() }), {
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 1, max: 3 }), async (batch, concurrency) => {
        const handled: number[] = [];
        const { run, message } = queueWorkerFixture(
          {
            concurrency,
            handle: async ({ data }) => {
              handled.push(Number(data.task));
              if (batch[Number(data.task)]?.fails) throw new Error('no luck');
            },
          },
          FIFO,
        );
        const failed = await run(...batch.map(({ group }, at) => message(`${at}`, { groupId: group })));
        const isHeld = batch.map(({ group }, at) =>
          batch.some((other, index) => index < at && other.group === group && other.fails),
        );
        const all = [...batch.keys()];
        expect(handled.toSorted((a, b) => a - b)).toEqual(all.filter((at) => !isHeld[at]));
        expect(failed.map(Number)).toEqual(all.filter((at) => isHeld[at] || batch[at]?.fails));
      }),
    );
  });
});
