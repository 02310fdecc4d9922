import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProjectCopy } from '../support/project-copy.ts';

const ROOT = resolve(import.meta.dirname, '../..');

// An app of its own loads the CDK and bundles all handlers, on a machine that may do other things.
describe('bin/spillway.ts', { timeout: 90_000 }, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'spillway-app-'));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  it('fails on an unknown stage with one sentence, and writes nothing', () => {
    const app = spawnSync(process.execPath, ['--import', './bin/require-node.mjs', 'bin/spillway.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ stage: 'nope' }) },
    });
    expect(app).toMatchObject({
      status: 1,
      stdout: '',
      stderr: "spillway: unknown stage 'nope'; stages are dev, prod; add one in bin/stages.ts\n",
    });
    expect(readdirSync(outdir)).toEqual([]);
  });

  it('fails on a tier with a wrong number with one sentence, though it throws while bin/stages.ts is loaded', () => {
    const project = new ProjectCopy();
    try {
      project.edit('bin/stages.ts', 'ratePerSecond: 100, burst: 200', 'ratePerSecond: Number.NaN, burst: 200');
      const app = spawnSync(process.execPath, ['bin/spillway.ts'], { cwd: project.directory, encoding: 'utf8' });
      expect(app.status).toBe(1);
      expect(app.stderr).toMatch(/^spillway: tier 'free': perUser[^\n]*NaN[^\n]*\n$/);
    } finally {
      project.remove();
    }
  });
});
