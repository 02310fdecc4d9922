import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
});
