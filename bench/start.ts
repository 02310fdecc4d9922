import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTwinProcess } from '../local/demo/twin-process.ts';
import { synthesize } from '../local/twin/assembly/synthesize.ts';
import { alternate } from './alternate.ts';
import { checkBound, printRatios } from './report.ts';

const projectDir = resolve(import.meta.dirname, '..');

/** What says that bundles of an earlier run may be used again (lib/compute/bundle-record.ts). */
const BUNDLE_RECORD = join(projectDir, '.build/handlers/inputs.json');

/**
 * `npm start` until the twin is ready, against the synthesis alone, both with all handlers bundled, as at a first start and by
 * `cdk synth`; and a start after that, which bundles only what changed.
 */
export async function benchStart(): Promise<void> {
  const forgetBundles = (): void => rmSync(BUNDLE_RECORD, { force: true });
  const synthesizeAll = async (): Promise<void> => {
    forgetBundles();
    const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
    await synthesize({ projectDir, stage: 'dev', outDir: join(directory, 'cdk.out') });
    rmSync(directory, { recursive: true, force: true });
  };
  const start = async (): Promise<void> => {
    const twin = await startTwinProcess(['--stage', 'dev']);
    stopping.push(twin.stop());
  };
  const startFirst = (): Promise<void> => {
    forgetBundles();
    return start();
  };
  // Stopping is not part of starting; it is waited for at the beginning of whatever comes next.
  const stopping: Promise<unknown>[] = [];
  const contestants = [
    { name: 'synthesis alone', run: synthesizeAll },
    { name: 'first start until ready', run: startFirst },
    { name: 'start again', run: start },
  ];
  const ratios = await alternate(contestants, { rounds: 5, times: 1, before: () => Promise.all(stopping.splice(0)) });
  await Promise.all(stopping);
  printRatios('Start of the dev stage', ratios);
  const measured = ratios[1]?.median ?? Number.NaN;
  checkBound({ what: 'first start until ready / synthesis alone', measured, atMost: 1.5 });
}
