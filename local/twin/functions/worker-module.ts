import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { compileCacheDir } from './compile-cache.ts';

const RUNTIME = join(import.meta.dirname, 'runtime');
let module: URL | undefined;

/**
 * The entry of an environment's thread, as one JavaScript module. Node would strip the types in every thread anew, for
 * which each loads a compiler of its own: doing it once halves a cold start and saves some 10 MB per environment. The
 * result is kept for the next run, since even once it takes a tenth of a second.
 */
export function workerModule(): URL {
  module ??= kept();
  return module;
}

/** The module as a file named by what it was made of, or its text where nothing can be written. */
function kept(): URL {
  const hash = createHash('sha256');
  for (const name of readdirSync(RUNTIME).sort()) hash.update(readFileSync(join(RUNTIME, name)));
  const file = join(compileCacheDir(), `environment-${hash.digest('hex').slice(0, 16)}.mjs`);
  if (existsSync(file)) return pathToFileURL(file);
  const text = build();
  try {
    mkdirSync(compileCacheDir(), { recursive: true });
    // Another twin may start at the same moment: nobody shall read half a file.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
    return pathToFileURL(file);
  } catch {
    return inMemory(text);
  }
}

function inMemory(text: string): URL {
  return new URL(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

function build(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(RUNTIME, 'environment-worker.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
