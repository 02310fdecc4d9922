import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type ClosedLoopOptions, closedLoop } from './closed-loop.ts';

/** `closedLoop` in a thread of its own, so that the client does not take turns with the server that it calls. */
export function closedLoopInThread(options: ClosedLoopOptions): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) parentPort?.postMessage(await closedLoop(workerData as ClosedLoopOptions));
