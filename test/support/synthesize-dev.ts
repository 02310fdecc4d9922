import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../local/twin/assembly/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Directory of the cloud assembly of the `dev` stage, synthesized once for all end-to-end tests. */
    devAssembly: string;
  }
}

let outDir: string;

/** Vitest calls this once before the first end-to-end test file. */
export async function setup(project: TestProject): Promise<void> {
  outDir = mkdtempSync(join(tmpdir(), 'spillway-dev-'));
  await synthesize({ projectDir: resolve(import.meta.dirname, '../..'), stage: 'dev', outDir });
  project.provide('devAssembly', outDir);
}

export function teardown(): void {
  rmSync(outDir, { recursive: true, force: true });
}
