import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir } from '../../../local/twin/data-dir.ts';

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'spillway-data-')), 'deep', 'data');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('openDataDir', () => {
  it('creates the directory, keeps what is written and leaves no lock', () => {
    const first = openDataDir(directory);
    first.database.exec("CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('kept')");
    first.close();
    expect(readdirSync(directory)).toEqual(['twin.sqlite']);
    const second = openDataDir(directory);
    expect(second.database.prepare('SELECT v FROM t').get()).toEqual({ v: 'kept' });
    second.close();
  });

  it('takes over from a process that is no more, whoever has its process id now', () => {
    openDataDir(directory).close();
    for (const owner of [999_999_999, process.pid, process.ppid]) {
      writeFileSync(join(directory, 'twin.pid'), String(owner));
      openDataDir(directory).close();
    }
  });

  it('fails while another twin uses it', () => {
    const first = openDataDir(directory);
    expect(() => openDataDir(directory)).toThrow(
      `--data ${directory} is in use by the twin with process id ${process.pid}; stop it first`,
    );
    first.close();
    openDataDir(directory).close();
  });

  it('fails on a path that is no directory', () => {
    openDataDir(directory).close();
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => openDataDir(file)).toThrow(
      `--data ${file} cannot be written: it is a file, and a directory was expected`,
    );
    expect(() => openDataDir(join(file, 'below'))).toThrow(/^--data \S+file\/below cannot be written: ENOTDIR/);
  });

  it('fails on data of another format, and gives the lock back', () => {
    openDataDir(directory).close();
    const database = new DatabaseSync(join(directory, 'twin.sqlite'));
    database.exec('PRAGMA user_version = 7');
    database.close();
    const message = `--data ${directory} holds data of format 7, and this twin writes format 1; choose another directory`;
    expect(() => openDataDir(directory)).toThrow(message);
    expect(() => openDataDir(directory)).toThrow(message);
  });

  it('fails on a file that is no database', () => {
    openDataDir(directory).close();
    writeFileSync(join(directory, 'twin.sqlite'), 'not a database'.repeat(100));
    expect(() => openDataDir(directory)).toThrow(/twin.sqlite cannot be read: file is not a database$/);
  });
});
