import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Synthesizes an app below test/fixtures/apps as the CDK CLI would, and answers the directory of its cloud assembly. */
export function synthesizeApp(name: string): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), `spillway-${name}-`));
  const child = spawnSync(process.execPath, [join(root, 'test/fixtures/apps', name, 'app.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({
        'aws:cdk:enable-path-metadata': true,
        'aws:cdk:enable-asset-metadata': true,
      }),
    },
  });
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  if (child.status === 0) return { directory, remove };
  remove();
  throw new Error(`app '${name}' does not synthesize: ${child.stderr}`);
}
