import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** Handler → the files that its bundle was made of, each with what tells that it changed: size and modification time. */
type Inputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface RecordFile {
  readonly key: string;
  readonly inputs: Inputs;
}

/** What bundles were made of, kept beside them, so that a repeated synth of one's own builds only what changed. */
export interface BundleRecord {
  /** Handlers whose bundle is missing, or of whose files one changed. */
  staleOf(handlers: readonly string[]): string[];
  /** Notes what the bundles of these handlers were made of: handler → entry point, as esbuild's report names it. */
  update(entryPoints: Readonly<Record<string, string>>, metafile: Metafile, workingDirectory: string): void;
}

/**
 * @param directory where the bundles lie
 * @param key whatever else the bundles depend on, such as the bundler's options; another key makes every bundle stale
 */
export function bundleRecord(directory: string, key: string): BundleRecord {
  const file = join(directory, 'inputs.json');
  const read = (): Inputs => {
    try {
      const record = JSON.parse(readFileSync(file, 'utf8')) as RecordFile;
      return record.key === key ? record.inputs : {};
    } catch {
      // None yet, or one that was cut off: everything is stale.
      return {};
    }
  };
  return {
    staleOf: (handlers) => {
      const inputs = read();
      // Handlers share most of their files: each is looked at once.
      const marks = new Map<string, string>();
      const isFresh = (path: string, mark: string): boolean => {
        if (!marks.has(path)) marks.set(path, markOf(path));
        return marks.get(path) === mark;
      };
      return handlers.filter((handler) => {
        const own = inputs[handler];
        if (own === undefined || !existsSync(join(directory, handler, 'index.mjs'))) return true;
        return !Object.entries(own).every(([path, mark]) => isFresh(path, mark));
      });
    },
    update: (entryPoints, metafile, workingDirectory) => {
      const inputs: Record<string, Readonly<Record<string, string>>> = { ...read() };
      for (const [handler, entryPoint] of Object.entries(entryPoints)) {
        const files = reachableFrom(entryPoint, metafile).map((path) => resolve(workingDirectory, path));
        inputs[handler] = Object.fromEntries(files.map((path) => [path, markOf(path)]));
      }
      writeFileSync(file, JSON.stringify({ key, inputs } satisfies RecordFile));
    },
  };
}

/** Every file that the entry point imports, whether something of it is in the bundle or not. */
function reachableFrom(entryPoint: string, { inputs }: Metafile): string[] {
  const found = new Set([entryPoint]);
  for (const path of found) {
    for (const imported of inputs[path]?.imports ?? []) {
      if (!imported.external) found.add(imported.path);
    }
  }
  return [...found];
}

function markOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'gone' : `${stats.size} ${stats.mtimeMs}`;
}
