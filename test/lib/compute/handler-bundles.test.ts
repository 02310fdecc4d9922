import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleHandlers, bundleHandlersAhead } from '../../../lib/compute/handler-bundles.ts';

describe('bundleHandlersAhead', () => {
  const temporary: string[] = [];
  afterEach(() => {
    for (const directory of temporary.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  function handlersWith(source: string): { readonly root: string; readonly file: string } {
    const root = mkdtempSync(join(tmpdir(), 'spillway-handlers-'));
    const file = join(root, 'authorizer/handler.ts');
    mkdirSync(dirname(file));
    writeFileSync(file, source);
    temporary.push(root);
    return { root, file };
  }

  it('leaves nothing to build for those who ask afterwards', async () => {
    const { root, file } = handlersWith("export const handler = async () => 'ahead';");
    await bundleHandlersAhead(root);
    // A second run would fail on this.
    writeFileSync(file, "import './missing.ts';");
    const bundle = bundleHandlers(root).get('authorizer') ?? '';
    temporary.push(dirname(bundle));
    expect(readFileSync(join(bundle, 'index.mjs'), 'utf8')).toContain('ahead');
  });

  it('does not reject where a handler does not bundle: who asks for it is told', async () => {
    const { root } = handlersWith("import './missing.ts';");
    await expect(bundleHandlersAhead(root)).resolves.toBeUndefined();
    expect(() => bundleHandlers(root)).toThrow('Could not resolve "./missing.ts"');
  });
});
