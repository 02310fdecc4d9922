import { TwinError } from '../twin-error.ts';

export interface ChangeApplierOptions {
  /** Writes the cloud assembly anew. @default - somebody else has */
  readonly synthesize?: () => Promise<void>;
  /** Brings the running twin to what the assembly says. */
  readonly apply: () => Promise<void>;
  readonly log: (message: string) => void;
  readonly nowMs: () => number;
}

export interface ChangeApplier {
  /** Says that sources changed; while one change is being applied, all further ones wait together for the next. */
  changed(files: readonly string[]): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/**
 * Synthesizes and applies, one change after the other. A change that does not synthesize, or that the twin cannot apply, is
 * told in a sentence, and the twin goes on as it was.
 */
export function changeApplier({ synthesize, apply, log, nowMs }: ChangeApplierOptions): ChangeApplier {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;

  const applyOnce = async (files: readonly string[]): Promise<void> => {
    const startedMs = nowMs();
    log(`${describe(files)} changed: ${synthesize ? 'synthesizing' : 'applying it'} …`);
    try {
      await synthesize?.();
      await apply();
      log(`applied after ${((nowMs() - startedMs) / 1_000).toFixed(1)} s`);
    } catch (error) {
      const reason = error instanceof TwinError ? error.message : ((error as Error).stack ?? String(error));
      log(`not applied, the twin goes on as it was: ${reason}`);
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.size > 0) {
      const files = [...waiting];
      waiting.clear();
      await applyOnce(files);
    }
    running = undefined;
  };

  return {
    changed: (files) => {
      for (const file of files) waiting.add(file);
      running ??= run();
    },
    settled: async () => running,
  };
}

function describe(files: readonly string[]): string {
  const [first = 'something'] = files;
  return files.length <= 1 ? first : `${first} and ${files.length - 1} more`;
}
