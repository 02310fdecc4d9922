import type { Wait } from '../../adapters/dependencies/wait.ts';
import type { DrillDependency } from '../../contract/drill.ts';

export interface FakeIndexOptions {
  /** How slow and how broken it is at the moment. */
  readonly setting: () => Promise<DrillDependency>;
  readonly wait: Wait;
  readonly random: () => number;
}

/** Looks something up; rejects where the index fails, or the signal is aborted first. */
export type AskIndex = (signal: AbortSignal) => Promise<string[]>;

/** An outside thing that is as slow and as broken as it is told to be. */
export function createFakeIndex({ setting, wait, random }: FakeIndexOptions): AskIndex {
  return async (signal) => {
    const { latencyMs, failureRatio } = await setting();
    await wait(latencyMs, signal);
    if (random() < failureRatio) throw new Error('the index answered 500');
    return ['dam', 'reservoir', 'spillway'];
  };
}
