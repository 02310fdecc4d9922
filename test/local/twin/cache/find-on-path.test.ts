import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findOnPath } from '../../../../local/twin/cache/find-on-path.ts';

describe('findOnPath', () => {
  const root = mkdtempSync(join(tmpdir(), 'spillway-path-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const folder = (name: string) => join(root, name);
  for (const name of ['first', 'second']) {
    mkdirSync(folder(name));
    writeFileSync(join(folder(name), 'tool'), '');
    chmodSync(join(folder(name), 'tool'), 0o755);
  }
  mkdirSync(join(folder('first'), 'folder'));
  writeFileSync(join(folder('first'), 'text'), '');

  it('takes the first folder that has the file', () => {
    const path = [folder('none'), folder('first'), folder('second')].join(delimiter);
    expect(findOnPath('tool', path)).toBe(join(folder('first'), 'tool'));
  });

  it('takes no folders, no files without permission to run, and nothing from the current folder', () => {
    expect(findOnPath('folder', folder('first'))).toBeUndefined();
    expect(findOnPath('text', folder('first'))).toBeUndefined();
    expect(findOnPath('package.json', '')).toBeUndefined();
  });
});
