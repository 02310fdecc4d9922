import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SourceWatcher, watchSources } from '../../../../local/twin/watch/source-watcher.ts';

let directory: string;
let watcher: SourceWatcher;
const told = vi.fn<(changed: readonly string[]) => void>();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spillway-watch-'));
  mkdirSync(join(directory, 'deep/folder'), { recursive: true });
  told.mockReset();
  watcher = watchSources({ paths: [directory, join(directory, 'not-there')], onChange: told, quietMs: 20 });
});
afterEach(() => {
  watcher.close();
  rmSync(directory, { recursive: true });
});

/** Waits until `name` is told, and forgets what was told. */
async function toldOf(name: string): Promise<void> {
  await vi.waitFor(() => expect(told.mock.calls.flat(2)).toContain(join(directory, name)));
  told.mockReset();
}

const save = (name: string) => writeFileSync(join(directory, name), String(Math.random()));

describe('watchSources', () => {
  it('tells several saves at once', async () => {
    save('one.ts');
    save('deep/folder/two.ts');
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(new Set(told.mock.calls.flat(2))).toEqual(
      new Set([join(directory, 'one.ts'), join(directory, 'deep/folder/two.ts')]),
    );
  });

  it('does not tell what editors and tools write beside the sources', async () => {
    for (const name of ['one.ts~', '.one.ts.swp', '4913', '.#lock', 'one.tmp']) save(name);
    save('deep/real.ts');
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(told.mock.calls.flat(2)).toEqual([join(directory, 'deep/real.ts')]);
  });
  it('tells each save of a file that an editor replaces by another of the same name', async () => {
    save('deep/one.ts');
    await toldOf('deep/one.ts');
    for (let times = 0; times < 3; times += 1) {
      save('deep/one.ts.new');
      renameSync(join(directory, 'deep/one.ts.new'), join(directory, 'deep/one.ts'));
      await toldOf('deep/one.ts');
    }
    save('deep/one.ts');
    await toldOf('deep/one.ts');
  });

  it('tells saves in directories that are new, or deleted and made again', async () => {
    mkdirSync(join(directory, 'new/folder'), { recursive: true });
    await toldOf('new');
    save('new/folder/one.ts');
    await toldOf('new/folder/one.ts');
    rmSync(join(directory, 'new'), { recursive: true });
    await toldOf('new');
    mkdirSync(join(directory, 'new'));
    await toldOf('new');
    save('new/two.ts');
    await toldOf('new/two.ts');
  });

  it('tells saves in a path that is itself deleted and made again, and of a path that is a file', async () => {
    watcher.close();
    const file = join(directory, 'cdk.json');
    save('cdk.json');
    watcher = watchSources({ paths: [join(directory, 'deep'), file], onChange: told, quietMs: 20 });
    rmSync(join(directory, 'deep'), { recursive: true });
    await toldOf('deep');
    mkdirSync(join(directory, 'deep'));
    await toldOf('deep');
    save('deep/one.ts');
    await toldOf('deep/one.ts');
    renameSync(file, `${file}.old`);
    await toldOf('cdk.json');
    save('cdk.json');
    await toldOf('cdk.json');
    save('cdk.json');
    await toldOf('cdk.json');
  });
});
