import { type ChildProcess, spawn } from 'node:child_process';
import { APP_ARGUMENTS, appEnded, appEnvironment, type SynthesizeOptions } from '../assembly/synthesize.ts';

/** Synthesizes again and again into the same directory. */
export interface WarmSynthesizer {
  /** @throws TwinError as `synthesize` does. */
  synthesize(): Promise<void>;
  close(): void;
}

/**
 * Keeps one process that has loaded the CDK and waits: loading it takes longer than synthesizing with it. Each process serves
 * one synthesis, since constructs that were loaded once are not loaded again when they change. Assets are named by their
 * hash, so those of functions that did not change stay where they are.
 */
export function warmSynthesizer(options: SynthesizeOptions): WarmSynthesizer {
  let isClosed = false;
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [...APP_ARGUMENTS, 'bin/warm-app.ts'], {
      cwd: options.projectDir,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    // One that dies while it waits is replaced when it is needed.
    child.on('error', () => {});
    return child;
  };
  let waiting = start();
  return {
    synthesize: async () => {
      const child = waiting.connected ? waiting : start();
      const ended = appEnded(child, options);
      child.send(appEnvironment(options), () => {});
      try {
        await ended;
      } finally {
        if (!isClosed) waiting = start();
      }
    },
    close: () => {
      isClosed = true;
      waiting.kill();
    },
  };
}
