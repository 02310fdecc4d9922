import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { type BuildResult, buildSync } from 'esbuild';
import { SpillwayError } from '../spillway-error.ts';

/** A handler by its folder below `lambdas/`; the folder holds a `handler.ts` that exports `handler`. */
export type HandlerRef = 'authorizer' | `services/${string}` | `workers/${string}`;

/** The value of a function's `Handler`: `handler`, exported by the bundle's `index.mjs`. */
export const HANDLER_ENTRY = 'index.handler';

const PACKAGE_DIRECTORY = resolve(import.meta.dirname, '../..');
const DEFAULT_HANDLERS_DIRECTORY = join(PACKAGE_DIRECTORY, 'lambdas');
const BUILD_DIRECTORY = join(PACKAGE_DIRECTORY, '.build');
const HANDLER_FILE = 'handler.ts';

/**
 * Some dependencies are CommonJS (iovalkey); in an ES module their `require('node:net')` has to come from somewhere.
 */
const BANNER =
  "import{createRequire as spillwayRequire}from'node:module';const require=spillwayRequire(import.meta.url);";

/** handlers directory → handler → directory of its bundle. One esbuild run per process and handlers directory. */
const builds = new Map<string, ReadonlyMap<string, string>>();

/**
 * The bundle of one handler as an asset of its own. The first call in a process bundles all handlers in one esbuild
 * run (docs/adr/0003-one-esbuild-run.md); the others only look theirs up.
 * @param handlersDirectory where handlers are looked for; this package's `lambdas` by default
 * @throws SpillwayError for a handler that does not exist, or does not bundle
 */
export function handlerCode(scope: IConstruct, handler: HandlerRef, handlersDirectory?: string): Code {
  return Code.fromAsset(handlerDirectory(scope, handler, handlersDirectory));
}

/**
 * The directory of one handler's bundle: `index.mjs` and nothing else, so that the asset's hash is the code's.
 * @throws SpillwayError for a handler that does not exist, or does not bundle
 */
export function handlerDirectory(scope: IConstruct, handler: HandlerRef, handlersDirectory?: string): string {
  const root = resolve(handlersDirectory ?? DEFAULT_HANDLERS_DIRECTORY);
  const build = builds.get(root) ?? buildHandlers(root, scope);
  builds.set(root, build);
  const directory = build.get(handler);
  if (directory === undefined) {
    const known = build.size > 0 ? `handlers are ${[...build.keys()].join(', ')}` : 'there are no handlers at all';
    throw new SpillwayError(
      'unknown-handler',
      `handler '${handler}' does not exist; ${known}; a handler is a folder with a ${HANDLER_FILE}`,
      scope,
    );
  }
  return directory;
}

function buildHandlers(root: string, scope: IConstruct): ReadonlyMap<string, string> {
  const handlers = findHandlers(root);
  if (handlers.length === 0) return new Map();
  const out = join(BUILD_DIRECTORY, outputName(root));
  for (const file of bundle(root, out, handlers, scope).outputFiles) {
    // Maps stay beside the bundles: inside the asset they would cost start-up time and change its hash for a comment.
    const path = file.path.endsWith('.map') ? join(out, 'source-maps', relative(out, file.path)) : file.path;
    writeIfChanged(path, file.contents);
  }
  return new Map(handlers.map((handler) => [handler, join(out, handler)]));
}

function bundle(root: string, out: string, handlers: readonly string[], scope: IConstruct) {
  try {
    return buildSync({
      absWorkingDir: dirname(root),
      entryPoints: handlers.map((handler) => ({ in: join(root, handler, HANDLER_FILE), out: join(handler, 'index') })),
      outdir: out,
      outExtension: { '.js': '.mjs' },
      write: false,
      bundle: true,
      // Shared chunks would tie all functions' assets together: a change to one service would redeploy every other.
      splitting: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      // The packages' ES modules first: 391 KB instead of 592 KB for a typical service, as only those can be tree-shaken.
      mainFields: ['module', 'main'],
      minify: true,
      // 6 % larger, and worth it: with no source map at run time, names are all that a stack trace has.
      keepNames: true,
      legalComments: 'none',
      sourcemap: 'external',
      banner: { js: BANNER },
      logLevel: 'silent',
    }) satisfies BuildResult;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SpillwayError('handler-build-failed', `the handlers in ${root} do not bundle: ${reason}`, scope);
  }
}

/** Every folder below `root` with a handler file, as a path with forward slashes, in order. */
function findHandlers(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`${sep}${HANDLER_FILE}`))
    .map((path) => dirname(path).split(sep).join('/'))
    .sort();
}

/** Two handlers directories must not overwrite each other's bundles when tests run side by side. */
function outputName(root: string): string {
  if (root === DEFAULT_HANDLERS_DIRECTORY) return 'handlers';
  return `handlers-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
}

/** Leaves equal files alone, and swaps others in whole: another synth may be reading them at this moment. */
function writeIfChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  // Outside of the bundle's directory, which another process may be hashing.
  const temporary = `${dirname(path)}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
