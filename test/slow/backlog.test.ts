import { beforeAll, describe, expect, inject, it } from 'vitest';
import { SetAside } from '../../lambdas/contract/set-aside.ts';
import { VIDEO_DEADLINE_SECONDS } from '../../lambdas/contract/video.ts';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { readStage } from '../../local/twin/read-stage.ts';
import { ManualTimers } from '../support/manual-timers.ts';
import { type QueueWorkerWorld, startQueueWorker } from '../support/stage-queue-worker.ts';

const HOUR = 3_600_000;

describe('a queue of the dev stage with more in it than its worker can do', { timeout: 60_000 }, () => {
  let resources: readonly ResolvedResource[];
  beforeAll(() => {
    ({ resources } = readStage(inject('devAssembly')));
  });

  /** A worker that takes so long for each task, and throws in the end where it is poison. */
  async function workerOf(queue: QueueWorkerWorld['queue'], workMs: number, concurrency: number) {
    const timers = new ManualTimers();
    const handle = async (task: string) => {
      await new Promise<void>((resolve) => void timers.setTimer(workMs, resolve));
      if (isPoison(task)) throw new Error('it is poison');
    };
    return { timers, ...(await startQueueWorker({ resources, queue, concurrency, handle, timers, seed: 5 })) };
  }
  type Worker = Awaited<ReturnType<typeof workerOf>>;

  it('keeps a viral day until it is done: 5,000 jobs of a minute, each delivered once, none set aside', async () => {
    const worker = await workerOf('VideoWork', 60_000, 1);
    const startMs = worker.timers.clock.now();
    const jobs = tasks('job', 5_000);
    await worker.send(jobs, { deadlineMs: startMs + VIDEO_DEADLINE_SECONDS * 1_000 });
    await worker.timers.advance(4 * HOUR);
    expect(await worker.waiting()).toBeGreaterThan(2_000);
    await worker.timers.advance(5 * HOUR);

    expect(await worker.waiting()).toBe(0);
    expect(await worker.deadLetters()).toEqual([]);
    expect(worker.attempts.map(({ task }) => task).toSorted()).toEqual(jobs.toSorted());
    expect(new Set(worker.attempts.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    // Whatever waits, no more of it runs at once than the mapping says: the rest of the account is the API's.
    expect(worker.mapping.properties.ScalingConfig).toEqual({ MaximumConcurrency: 10 });
    expect(worker.busy.most).toBe(10);
    await stop(worker);
  });

  /** Sends one task every two seconds, poison between some of them, and answers when each good one was done. */
  async function trickle(withPoison: boolean) {
    const worker = await workerOf('VideoWork', 1_000, 1);
    const startMs = worker.timers.clock.now();
    for (const [at, task] of tasks('good', 300).entries()) {
      await worker.send([task]);
      await worker.timers.advance(500);
      if (withPoison && at % 9 === 0) await worker.send([`poison ${at}`]);
      await worker.timers.advance(1_500);
    }
    await worker.timers.advance(HOUR);
    await stop(worker);
    const doneMs = Object.fromEntries(
      worker.attempts.filter(({ ok }) => ok).map(({ task, endMs }) => [task, endMs - startMs]),
    );
    return { worker, doneMs };
  }

  it('does everything else at the very time at which it is done without poison, while the worker has time', async () => {
    const [without, poisoned] = [await trickle(false), await trickle(true)];
    expect(Object.keys(without.doneMs)).toHaveLength(300);
    expect(poisoned.doneMs).toEqual(without.doneMs);
    await expectSetAside(poisoned.worker, 34);
  });

  it.each([
    ['VideoWork', 1, 2_000],
    ['ActivityWork', 25, 20],
  ] as const)('gives up to poison in %s its own attempts, and no more', async (queue, concurrency, workMs) => {
    const good = tasks('good', 1_800);
    const poison = tasks('poison', 200);
    const mixed = good.flatMap((task, at) => (at % 9 === 0 ? [poison[at / 9] as string, task] : [task]));
    const finish = async (sent: readonly string[]) => {
      const worker = await workerOf(queue, workMs, concurrency);
      const startMs = worker.timers.clock.now();
      await worker.send(sent);
      await worker.timers.advance(2 * HOUR);
      await stop(worker);
      const done = worker.attempts.filter(({ ok }) => ok);
      expect(done.map(({ task }) => task).toSorted()).toEqual(good.toSorted());
      // What was beside poison in a batch does not come back with it.
      expect(new Set(done.map(({ attempt }) => attempt))).toEqual(new Set([1]));
      return { worker, doneMs: Math.max(...done.map(({ endMs }) => endMs)) - startMs };
    };
    const [without, poisoned] = [await finish(good), await finish(mixed)];
    await expectSetAside(poisoned.worker, poison.length);
    const { attempts } = poisoned.worker;
    const lastDoneMs = Math.max(...attempts.filter(({ ok }) => ok).map(({ endMs }) => endMs));
    const taken = attempts.filter(({ ok, endMs }) => !ok && endMs <= lastDoneMs).length;
    // All of the worker's places together, and one batch at the end that is not full.
    const { MaximumConcurrency } = poisoned.worker.mapping.properties.ScalingConfig as { MaximumConcurrency: number };
    const takenMs = (taken * workMs) / (MaximumConcurrency * concurrency);
    expect(poisoned.doneMs).toBeLessThanOrEqual(without.doneMs + takenMs + 2_000);
  });

  /** Each poisoned task was tried as often as it may be, and is among the dead letters with what it died of. */
  async function expectSetAside(worker: Worker, count: number): Promise<void> {
    const letters = await worker.deadLetters();
    const poison = Object.groupBy(
      worker.attempts.filter(({ task }) => isPoison(task)),
      ({ task }) => task,
    );
    expect(Object.keys(poison)).toHaveLength(count);
    const tried = Array.from({ length: worker.spec.attempts }, (_, at) => at + 1);
    for (const each of Object.values(poison)) expect(each?.map(({ attempt }) => attempt)).toEqual(tried);
    expect(letters.map(({ task }) => task).toSorted()).toEqual(Object.keys(poison).toSorted());
    for (const { attributes } of letters) {
      expect(attributes[SetAside.error]).toContain('it is poison');
      expect(attributes[SetAside.attempts]).toBe(String(worker.spec.attempts));
    }
    expect(await worker.waiting()).toBe(0);
  }
});

function tasks(kind: 'job' | 'good' | 'poison', count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${kind} ${at}`);
}

function isPoison(task: string): boolean {
  return task.startsWith('poison');
}

/** What polls in vain ends as soon as it is told to. */
async function stop({ stop: end, timers }: { readonly stop: () => Promise<void>; readonly timers: ManualTimers }) {
  const stopped = end();
  await timers.settle();
  await stopped;
}
