import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type HandlerRef, handlerDirectory } from '../../../lib/compute/handler-code.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

describe('handlerDirectory', () => {
  const stack = flaggedStack();
  const temporary: string[] = [];
  /** As `handlerDirectory`, and the build is removed after the test. */
  const buildOf = (handler: HandlerRef, root: string): string => {
    const directory = handlerDirectory(stack, handler, root);
    temporary.push(join(directory, ...handler.split('/').map(() => '..')));
    return directory;
  };
  afterEach(() => {
    for (const directory of temporary.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  function handlersWith(files: Readonly<Record<string, string>>): string {
    const directory = mkdtempSync(join(tmpdir(), 'spillway-handlers-'));
    temporary.push(directory);
    for (const [path, contents] of Object.entries(files)) {
      mkdirSync(join(directory, path, '..'), { recursive: true });
      writeFileSync(join(directory, path), contents);
    }
    return directory;
  }

  it('gives each handler a directory of its own with index.mjs and nothing else', () => {
    const directories = (['authorizer', 'services/echo', 'workers/echo'] as const).map((handler) =>
      handlerDirectory(stack, handler, FIXTURE_HANDLERS),
    );
    expect(new Set(directories).size).toBe(3);
    for (const directory of directories) expect(readdirSync(directory)).toEqual(['index.mjs']);
  });

  it('bundles an ES module that exports handler and can load CommonJS that requires a builtin', async () => {
    const root = handlersWith({
      'services/mixed/legacy.cjs': "module.exports = require('node:path').sep;",
      'services/mixed/handler.ts':
        "import sep from './legacy.cjs';\nexport const handler = async (): Promise<string> => sep;",
    });
    const bundle = join(buildOf('services/mixed', root), 'index.mjs');
    const script = `import(${JSON.stringify(bundle)}).then(async ({ handler }) => process.stdout.write(await handler()))`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe(sep);
  });

  it('leaves an unchanged bundle untouched, byte for byte and in time', async () => {
    const bundle = join(handlerDirectory(stack, 'authorizer', FIXTURE_HANDLERS), 'index.mjs');
    const before = { contents: readFileSync(bundle), time: statSync(bundle).mtimeMs };
    execFileSync(process.execPath, [
      '--input-type=module-typescript',
      '-e',
      `import { handlerDirectory } from ${JSON.stringify(join(import.meta.dirname, '../../../lib/compute/handler-code.ts'))};
       import { App } from 'aws-cdk-lib';
       handlerDirectory(new App(), 'authorizer', ${JSON.stringify(FIXTURE_HANDLERS)});`,
    ]);
    expect({ contents: readFileSync(bundle), time: statSync(bundle).mtimeMs }).toEqual(before);
  });

  it('keeps paths of this machine out of the bundle', () => {
    const root = handlersWith({ 'authorizer/handler.ts': 'export const handler = async () => 1;' });
    const bundle = join(buildOf('authorizer', root), 'index.mjs');
    expect(readFileSync(bundle, 'utf8')).not.toContain(root);
  });

  it('fails on a handler that does not exist, naming those that do', () => {
    expect(() => handlerDirectory(stack, 'services/ecko', FIXTURE_HANDLERS)).toThrow(
      "handler 'services/ecko' does not exist; handlers are authorizer, services/echo, workers/echo; a handler is a folder with a handler.ts [Stack]",
    );
  });

  it('fails on a directory without handlers', () => {
    expect(() => handlerDirectory(stack, 'authorizer', handlersWith({}))).toThrow(
      "handler 'authorizer' does not exist; there are no handlers at all; a handler is a folder with a handler.ts [Stack]",
    );
  });

  it('fails with what esbuild says of a handler that does not bundle', () => {
    const root = handlersWith({ 'services/broken/handler.ts': "import './missing.ts';" });
    expect(() => handlerDirectory(stack, 'services/broken', root)).toThrow(
      /^the handlers do not bundle: .*Could not resolve "\.\/missing\.ts"/s,
    );
  });
});
