import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The cloud assembly of bench/peers/hello-app.ts. */
export function synthesizeHello(): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-hello-'));
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'hello-app.ts')], {
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: '{"aws:cdk:enable-asset-metadata":true}',
    },
  });
  if (status !== 0) throw new Error(`bench/peers/hello-app.ts does not synthesize: ${stderr}`);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
