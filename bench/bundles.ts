import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type HandlerRef, handlerDirectory } from '../lib/compute/handler-code.ts';
import { textTable } from '../local/demo/text-table.ts';

const lambdas = resolve(import.meta.dirname, '../lambdas');

/** Size of each handler's bundle, and how long a fresh process takes to import it, compared with an empty module. */
export function benchBundles(): void {
  const scope = new Stack(new App());
  const handlers = readdirSync(lambdas, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'handler.ts')
    .map((path) => dirname(path) as HandlerRef)
    .sort();
  const rounds = 9;
  const rows = handlers.map((handler) => {
    const file = join(handlerDirectory(scope, handler), 'index.mjs');
    const own: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < rounds; round++) {
      own.push(importMs(`file://${file}`));
      empty.push(importMs('data:text/javascript,export const handler = 1'));
    }
    const added = own.map((ms, round) => ms - (empty[round] ?? 0)).sort((a, b) => a - b);
    const kilobytes = Math.round(statSync(file).size / 1_024);
    return [
      handler,
      kilobytes,
      (added[Math.floor(rounds / 2)] ?? 0).toFixed(0),
      `${(added[0] ?? 0).toFixed(0)} – ${(added.at(-1) ?? 0).toFixed(0)}`,
    ];
  });
  process.stdout.write(`\nBundles\n${textTable([['handler', 'KB', 'import ms', 'spread'], ...rows])}\n`);
}

/** Milliseconds of one `import()` in a fresh process, as in a cold start. */
function importMs(url: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(url)}).catch((e) => { if (!/SPILLWAY|environment/.test(String(e))) throw e; }); console.log(performance.now() - t);`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1' },
  });
  const ms = Number(child.stdout.trim());
  if (child.status !== 0 || !Number.isFinite(ms)) throw new Error(`importing ${url} failed: ${child.stderr}`);
  return ms;
}
