import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The cloud assembly of an app in bench/peers. @throws Error with the app's own words where it does not synthesize */
export function synthesizeApp(file: string): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-peer-'));
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, file)], {
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: '{"aws:cdk:enable-asset-metadata":true,"aws:cdk:enable-path-metadata":true}',
    },
  });
  if (status !== 0) throw new Error(`bench/peers/${file} does not synthesize: ${stderr}`);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
