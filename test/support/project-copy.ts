import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { synthesize } from '../../local/twin/assembly/synthesize.ts';

const root = resolve(import.meta.dirname, '../..');

/** A copy of the project that a test may edit as a user would edit theirs, and synthesize. */
export class ProjectCopy {
  readonly directory = mkdtempSync(join(tmpdir(), 'spillway-project-'));

  constructor() {
    for (const part of ['bin', 'lib', 'lambdas', 'cdk.json', 'package.json']) {
      cpSync(join(root, part), join(this.directory, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** Replaces the first `before` in the file, which must be there. */
  edit(file: string, before: string, after: string): void {
    const path = join(this.directory, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(before)) throw new Error(`${file} does not have: ${before}`);
    writeFileSync(
      path,
      text.replace(before, () => after),
    );
  }

  write(file: string, text: string): void {
    const path = join(this.directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** @returns the directory of the cloud assembly */
  async synthesize(stage = 'dev'): Promise<string> {
    const outDir = join(this.directory, 'cdk.out');
    await synthesize({ projectDir: this.directory, stage, outDir });
    return outDir;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
