import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { alternate } from './alternate.ts';
import { checkBound, printRatios } from './report.ts';

const root = resolve(import.meta.dirname, '..');

/** Synthesizes the dev stage in a process of its own, as the CDK CLI does. */
function synthesize(checks: boolean, ...nodeArgs: string[]): void {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;
  const child = spawnSync(process.execPath, ['--import', './bin/require-node.mjs', ...nodeArgs, 'bin/spillway.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: String(checks),
    },
  });
  rmSync(directory, { recursive: true, force: true });
  if (child.status !== 0) throw new Error(`synth failed: ${child.stderr || child.stdout}`);
}

/**
 * Whole synth of the dev stage: one esbuild run for all handlers, against one NodejsFunction per handler. Once without
 * the checks, as the twin synthesizes, and once with cdk-nag and the built-in validation, which cost both the same.
 */
export async function benchSynth(): Promise<void> {
  for (const checks of [false, true]) {
    const repeat = (...nodeArgs: string[]) => {
      return (times: number) => {
        for (let index = 0; index < times; index++) synthesize(checks, ...nodeArgs);
      };
    };
    const ratios = await alternate(
      [
        { name: 'NodejsFunction per handler', run: repeat('--import', './bench/per-handler-hook.ts') },
        { name: 'one esbuild run', run: repeat() },
      ],
      { rounds: checks ? 3 : 9, times: 1 },
    );
    printRatios(`Synth of the dev stage, whole process, ${checks ? 'with' : 'without'} checks`, ratios);
    const measured = ratios[1]?.median ?? Number.NaN;
    if (!checks) checkBound({ what: 'synth with one esbuild run / with NodejsFunction', measured, atMost: 0.4 });
  }
}
