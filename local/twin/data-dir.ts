import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  const owner = join(directory, 'twin.pid');
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    const isFile = statSync(directory, { throwIfNoEntry: false })?.isFile() === true;
    const reason = isFile ? 'it is a file, and a directory was expected' : (cause as Error).message;
    throw new TwinError('data-dir', `--data ${directory} cannot be written: ${reason}`, { cause });
  }
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(directory);
    writeFileSync(owner, String(process.pid));
  } catch (cause) {
    database?.close();
    if (cause instanceof TwinError) throw cause;
    if ((cause as { readonly errcode?: number }).errcode === SQLITE_BUSY) {
      const reason = `in use by the twin with process id ${processIdIn(owner)}; stop it first`;
      throw new TwinError('data-dir', `--data ${directory} is ${reason}`, { cause });
    }
    throw new TwinError('data-dir', `--data ${directory}: twin.sqlite cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  const opened = database;
  return {
    database: opened,
    close: () => {
      opened.close();
      rmSync(owner, { force: true });
    },
  };
}

const SQLITE_BUSY = 5;

/**
 * The lock is the database's own, which ends with the process that holds it, in whatever way. A process id in a file would not
 * do: after a crash another process may have got it, in a container nearly always the twin itself.
 */
function openDatabase(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, 'twin.sqlite'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    checkFormat(database, directory);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Only to tell whom to stop. */
function processIdIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'unknown';
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
