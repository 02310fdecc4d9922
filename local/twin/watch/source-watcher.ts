import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

export interface SourceWatcherOptions {
  /** Files and directories; those that are not there are left out. Directories are watched with all that is below. */
  readonly paths: readonly string[];
  /** Called once for saves that follow each other closely, with the paths that changed. */
  readonly onChange: (changed: readonly string[]) => void;
  /**
   * How long to wait for the last of several saves: an editor or a branch switch writes many files.
   * @default 60
   */
  readonly quietMs?: number;
}

export interface SourceWatcher {
  close(): void;
}

/** What editors and tools write beside the sources. */
const NOISE =
  /(?:^|[/\\])(?:node_modules|\.git|\.build)(?:[/\\]|$)|~$|\.(?:swp|swx|tmp|orig)$|(?:^|[/\\])(?:\.#|4913$)/;

/**
 * Tells when sources change. Each directory has a watcher of its own: what Node offers as recursive watches files on Linux, and
 * is deaf to one from when an editor or Git replaces it by another of the same name.
 */
export function watchSources({ paths, onChange, quietMs = 60 }: SourceWatcherOptions): SourceWatcher {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const all = [...changed];
    changed.clear();
    onChange(all);
  };
  const watchers = new Map<string, FSWatcher>();
  const forget = (path: string): void => {
    for (const [directory, watcher] of watchers) {
      if (directory !== path && !directory.startsWith(path + sep)) continue;
      watcher.close();
      watchers.delete(directory);
    }
  };
  const seen = (event: string, file: string): void => {
    if (NOISE.test(file)) return;
    if (event === 'rename') {
      forget(file);
      watchBelow(file);
    }
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(tell, quietMs);
  };
  const watchBelow = (path: string): void => {
    try {
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
      watchers.set(path, listen(path, seen));
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const inside = join(path, entry.name);
        if (entry.isDirectory() && !NOISE.test(inside)) watchBelow(inside);
      }
    } catch (error) {
      // Gone again before it was watched.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };
  const present = paths.filter((path) => existsSync(path));
  for (const path of present) watchBelow(path);
  // A file among the paths, and a directory that is replaced as a whole, are seen from their parents only.
  const parents = present.map((path) =>
    listen(dirname(path), (event, file) => {
      if (basename(file) === basename(path)) seen(event, path);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of [...watchers.values(), ...parents]) watcher.close();
    },
  };
}

function listen(directory: string, onEvent: (event: string, file: string) => void): FSWatcher {
  const watcher = watch(directory, (event, name) => onEvent(event, name === null ? directory : join(directory, name)));
  // A directory that is deleted ends its watcher; the others go on.
  watcher.on('error', () => watcher.close());
  return watcher;
}
