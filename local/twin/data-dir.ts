import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TwinError } from './twin-error.ts';

/** Where a twin keeps what shall outlive it. */
export interface DataDir {
  readonly database: DatabaseSync;
  close(): void;
}

/** Raised when a table's columns change: data of another format is refused instead of misread. */
const FORMAT = 1;

/**
 * Opens `DIR/twin.sqlite`, created where it is not there. Writes are kept through a crash of this process; after a power cut the
 * last moments may be missing, as nothing waits for the disk.
 *
 * @throws TwinError where the directory cannot be written, another twin uses it, or it holds data of another format.
 */
export function openDataDir(directory: string): DataDir {
  const lock = join(directory, 'twin.pid');
  try {
    mkdirSync(directory, { recursive: true });
    takeLock(lock, directory);
  } catch (cause) {
    if (cause instanceof TwinError) throw cause;
    throw new TwinError('data-dir', `--data ${directory} cannot be written: ${(cause as Error).message}`, { cause });
  }
  try {
    const database = new DatabaseSync(join(directory, 'twin.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    checkFormat(database, directory);
    return {
      database,
      close: () => {
        database.close();
        rmSync(lock, { force: true });
      },
    };
  } catch (cause) {
    rmSync(lock, { force: true });
    if (cause instanceof TwinError) throw cause;
    throw new TwinError('data-dir', `--data ${directory}: twin.sqlite cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** A lock of a process that is no more is taken over. */
function takeLock(lock: string, directory: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner)) {
      throw new TwinError(
        'data-dir',
        `--data ${directory} is in use by the twin with process id ${owner}; stop it first`,
      );
    }
    writeFileSync(lock, String(process.pid));
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function checkFormat(database: DatabaseSync, directory: string): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { readonly user_version: number };
  if (found !== 0 && found !== FORMAT) {
    throw new TwinError(
      'data-dir',
      `--data ${directory} holds data of format ${found}, and this twin writes format ${FORMAT}; choose another directory`,
    );
  }
  database.exec(`PRAGMA user_version = ${FORMAT}`);
}
