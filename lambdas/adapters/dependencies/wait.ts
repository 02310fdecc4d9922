import type { SetTimer } from './set-timer.ts';

/** Waits so many ms, or rejects with the signal's reason once it is aborted. */
export type Wait = (delayMs: number, signal?: AbortSignal) => Promise<void>;

/** Waits by these timers, and leaves none behind. */
export function createWait(setTimer: SetTimer): Wait {
  return (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const giveUp = () => {
        callOff();
        reject(signal?.reason);
      };
      const callOff = setTimer(delayMs, () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      });
      signal?.addEventListener('abort', giveUp, { once: true });
    });
}
