import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTwinProcess } from '../local/demo/twin-process.ts';
import { synthesize } from '../local/twin/assembly/synthesize.ts';
import { alternate } from './alternate.ts';
import { checkBound, printRatios } from './report.ts';

const projectDir = resolve(import.meta.dirname, '..');

/** `npm start` until the twin is ready, against the synthesis alone, as the twin has it done. */
export async function benchStart(): Promise<void> {
  const synthesizeOnly = async (): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
    await synthesize({ projectDir, stage: 'dev', outDir: join(directory, 'cdk.out') });
    rmSync(directory, { recursive: true, force: true });
  };
  const startAndStop = async (): Promise<void> => {
    const twin = await startTwinProcess(['--stage', 'dev']);
    stopping.push(twin.stop());
  };
  // Stopping is not part of starting; it is waited for before the next round.
  const stopping: Promise<unknown>[] = [];
  const settled = <T>(run: () => Promise<T>) => {
    return async () => {
      await run();
      await Promise.all(stopping.splice(0));
    };
  };
  const ratios = await alternate(
    [
      { name: 'synthesis alone', run: settled(synthesizeOnly) },
      { name: 'start until ready', run: settled(startAndStop) },
    ],
    { rounds: 7, times: 1 },
  );
  printRatios('Start of the dev stage', ratios);
  checkBound({ what: 'start until ready / synthesis alone', measured: ratios[1]?.median ?? Number.NaN, atMost: 1.5 });
}
