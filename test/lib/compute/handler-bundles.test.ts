import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
    await bundleHandlersAhead({ handlersDirectory: root });
    // A second run would fail on this.
    writeFileSync(file, "import './missing.ts';");
    const bundle = bundleHandlers(root).get('authorizer') ?? '';
    temporary.push(dirname(bundle));
    expect(readFileSync(join(bundle, 'index.mjs'), 'utf8')).toContain('ahead');
  });

  it('puts the bytes of a WebAssembly module into the bundle', async () => {
    const { root } = handlersWith("import bytes from './empty.wasm'; export const handler = () => [...bytes];");
    // The magic number and the version: a module without anything in it.
    const module = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    writeFileSync(join(root, 'authorizer/empty.wasm'), Buffer.from(module));
    await bundleHandlersAhead({ handlersDirectory: root });
    const bundle = bundleHandlers(root).get('authorizer') ?? '';
    temporary.push(dirname(bundle));
    const { handler } = (await import(pathToFileURL(join(bundle, 'index.mjs')).href)) as { handler(): number[] };
    expect(handler()).toEqual(module);
    expect(readdirSync(bundle)).toEqual(['index.mjs']);
  });

  it('does not reject where a handler does not bundle: who asks for it is told', async () => {
    const { root } = handlersWith("import './missing.ts';");
    await expect(bundleHandlersAhead({ handlersDirectory: root })).resolves.toBeUndefined();
    expect(() => bundleHandlers(root)).toThrow('Could not resolve "./missing.ts"');
  });

  describe('with bundles of an earlier run', () => {
    /** Two handlers that share a file, bundled; answers which of them a further run builds again. */
    async function bundledPair() {
      const { root } = handlersWith("import { word } from '../shared/word.ts'; export const handler = () => word;");
      const write = (path: string, text: string) => {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      };
      write('shared/word.ts', "export const word = 'one';");
      write('other/handler.ts', 'export const handler = () => 1;');
      await bundleHandlersAhead({ handlersDirectory: root });
      const out = dirname(bundleHandlers(root).get('other') ?? '');
      temporary.push(out);
      const built = async (reuse: boolean): Promise<string[]> => {
        const names = ['authorizer', 'other'];
        for (const name of names) writeFileSync(join(out, name, 'index.mjs'), 'as before');
        await bundleHandlersAhead({ handlersDirectory: root, reuse });
        return names.filter((name) => readFileSync(join(out, name, 'index.mjs'), 'utf8') !== 'as before');
      };
      return { write, built, out };
    }

    it('builds nothing again where nothing changed, unless it is to be built whole', async () => {
      const { built } = await bundledPair();
      expect(await built(true)).toEqual([]);
      expect(await built(false)).toEqual(['authorizer', 'other']);
    });

    it('builds those again of whose files one changed or went', async () => {
      const { write, built } = await bundledPair();
      write('shared/word.ts', "export const word = 'another';");
      expect(await built(true)).toEqual(['authorizer']);
      write('other/handler.ts', 'export const handler = () => 22;');
      expect(await built(true)).toEqual(['other']);
    });

    it('builds everything again where the record is damaged', async () => {
      const { built, out } = await bundledPair();
      writeFileSync(join(out, 'inputs.json'), '{"key":');
      expect(await built(true)).toEqual(['authorizer', 'other']);
    });
  });
});
