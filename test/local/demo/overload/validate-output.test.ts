import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { validateOutput } from '../../../../local/demo/overload/validate-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'spillway-output-'));
const present = join(folder, 'present.html');
writeFileSync(present, '');
afterAll(() => rmSync(folder, { recursive: true }));

describe('validateOutput', () => {
  it('accepts a file that is there, and one that is not in a folder that is', () => {
    expect(() => validateOutput(present)).not.toThrow();
    expect(() => validateOutput(join(folder, 'new.html'))).not.toThrow();
  });

  it.each([folder, `${folder}/`, join(folder, 'absent/')])('fails for a folder', (file) => {
    expect(() => validateOutput(file)).toThrow(`cannot write ${file}: it is a folder; name a file in it`);
  });

  it.each(['absent', 'present.html'])('fails where there is no folder %s', (name) => {
    const file = join(folder, name, 'page.html');
    expect(() => validateOutput(file)).toThrow(
      `cannot write ${file}: there is no folder ${join(folder, name)} that can be written to; make it, or name another`,
    );
  });
});

describe('npm run demo -- overload', () => {
  const demo = join(import.meta.dirname, '../../../../bin/demo.ts');

  it.each(['--html', '--json'])('fails for %s that is a folder, before it starts anything', (option) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [demo, 'overload', option, folder], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `demo: cannot write ${folder}: it is a folder; name a file in it\n`,
    });
  });
});
