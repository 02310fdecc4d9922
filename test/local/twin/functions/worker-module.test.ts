import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileCacheDir } from '../../../../local/twin/functions/compile-cache.ts';
import { workerModule } from '../../../../local/twin/functions/worker-module.ts';

describe('workerModule', () => {
  it('is one file of JavaScript, made once and kept within the project', () => {
    const module = workerModule();
    const file = fileURLToPath(module);
    expect(file.startsWith(compileCacheDir())).toBe(true);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toMatch(/from "\.\//);
    expect(workerModule()).toBe(module);
  });
});
