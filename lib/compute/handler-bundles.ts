import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type BuildOptions, build, buildSync, type OutputFile } from 'esbuild';

/** Handler, by its folder, → directory of its bundle. */
export type HandlerBundles = ReadonlyMap<string, string>;

/** What makes a folder a handler. */
export const HANDLER_FILE = 'handler.ts';

const PACKAGE_DIRECTORY = resolve(import.meta.dirname, '../..');
const DEFAULT_HANDLERS_DIRECTORY = join(PACKAGE_DIRECTORY, 'lambdas');
const BUILD_DIRECTORY = join(PACKAGE_DIRECTORY, '.build');

/**
 * Some dependencies are CommonJS (iovalkey); in an ES module their `require('node:net')` has to come from somewhere.
 */
const BANNER =
  "import{createRequire as spillwayRequire}from'node:module';const require=spillwayRequire(import.meta.url);";

/** One esbuild run per process and handlers directory. */
const bundled = new Map<string, HandlerBundles>();

/**
 * Bundles all handlers below a directory in one esbuild run; further calls in the same process give the same answer.
 * @param handlersDirectory this package's `lambdas` by default
 * @throws Error of esbuild where a handler does not bundle
 */
export function bundleHandlers(handlersDirectory: string = DEFAULT_HANDLERS_DIRECTORY): HandlerBundles {
  const root = resolve(handlersDirectory);
  const known = bundled.get(root);
  if (known !== undefined) return known;
  const handlers = findHandlers(root);
  if (handlers.length === 0) return new Map();
  return keep(root, handlers, buildSync(options(root, handlers)).outputFiles);
}

/**
 * The same, while the caller does something else: esbuild has a process of its own, and loading the CDK takes as long as
 * bundling does. Never rejects; what is wrong is found, and told with the construct's path, by `bundleHandlers`.
 */
export function bundleHandlersAhead(handlersDirectory: string = DEFAULT_HANDLERS_DIRECTORY): Promise<void> {
  const root = resolve(handlersDirectory);
  const handlers = findHandlers(root);
  return build(options(root, handlers)).then(
    ({ outputFiles }) => void keep(root, handlers, outputFiles),
    () => {},
  );
}

function options(root: string, handlers: readonly string[]) {
  return {
    absWorkingDir: dirname(root),
    entryPoints: handlers.map((handler) => ({ in: join(root, handler, HANDLER_FILE), out: join(handler, 'index') })),
    outdir: outputDirectory(root),
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
    // esbuild shortens the names of classes otherwise, and an error's name is part of what a log line says.
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'external',
    // A map names its sources, and whoever reads it has them.
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

function keep(root: string, handlers: readonly string[], files: readonly OutputFile[]): HandlerBundles {
  const out = outputDirectory(root);
  for (const file of files) {
    // Maps stay beside the bundles: inside the asset they would cost start-up time and change its hash for a comment.
    const path = file.path.endsWith('.map') ? join(out, 'source-maps', relative(out, file.path)) : file.path;
    writeIfChanged(path, file.contents);
  }
  const bundles = new Map(handlers.map((handler) => [handler, join(out, handler)]));
  bundled.set(root, bundles);
  return bundles;
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
function outputDirectory(root: string): string {
  const isOwn = root === DEFAULT_HANDLERS_DIRECTORY;
  const name = isOwn ? 'handlers' : `handlers-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;
  return join(BUILD_DIRECTORY, name);
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
