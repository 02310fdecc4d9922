import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { synthesize } from '../local/twin/assembly/synthesize.ts';

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly Metadata?: Readonly<Record<string, unknown>>;
        Properties: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

/**
 * The cloud assembly of the dev stage with the event source of one worker switched off, as an operator would in AWS: what is
 * accepted waits.
 *
 * @param worker construct of the worker: `VideoWorker`
 * @throws Error where there is not exactly one such event source.
 */
export async function synthesizeWithStoppedWorker(
  worker: string,
): Promise<{ readonly directory: string; remove(): void }> {
  const parent = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const directory = join(parent, 'cdk.out');
  await synthesize({ projectDir: resolve(import.meta.dirname, '..'), stage: 'dev', outDir: directory });
  let stopped = 0;
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.template.json'))) {
    const file = join(directory, name);
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    for (const resource of Object.values(template.Resources)) {
      const path = String(resource.Metadata?.['aws:cdk:path'] ?? '');
      if (resource.Type !== 'AWS::Lambda::EventSourceMapping' || !path.includes(`/${worker}/Source/`)) continue;
      resource.Properties = { ...resource.Properties, Enabled: false };
      stopped += 1;
    }
    writeFileSync(file, JSON.stringify(template));
  }
  if (stopped !== 1) throw new Error(`${stopped} event sources are ${worker}'s, expected 1`);
  return { directory, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
