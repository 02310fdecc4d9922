import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

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

/** Tells when sources change. */
export function watchSources({ paths, onChange, quietMs = 60 }: SourceWatcherOptions): SourceWatcher {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const all = [...changed];
    changed.clear();
    onChange(all);
  };
  const watchers: FSWatcher[] = paths.filter(existsSync).map((path) => {
    const watcher = watch(path, { recursive: true }, (_event, name) => {
      const file = name === null ? path : join(path, name);
      if (NOISE.test(file)) return;
      changed.add(file);
      clearTimeout(timer);
      timer = setTimeout(tell, quietMs);
    });
    // A directory that is deleted ends its watcher; the others go on.
    watcher.on('error', () => watcher.close());
    return watcher;
  });
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
