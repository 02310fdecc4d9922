import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Installs what a folder of bench/peers needs, on first use, and answers its `node_modules`. */
export function installPeer(name: string): string {
  const directory = join(import.meta.dirname, name);
  const modules = join(directory, 'node_modules');
  if (existsSync(modules)) return modules;
  process.stdout.write(`installing ${name} into bench/peers/${name} …\n`);
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ci in bench/peers/${name} failed: ${stderr}`);
  return modules;
}
