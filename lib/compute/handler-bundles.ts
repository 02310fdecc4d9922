import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type BuildOptions, build, buildSync, type OutputFile } from 'esbuild';
import { type BundleRecord, bundleRecord } from './bundle-record.ts';

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
  write(root, buildSync(buildOptions(root, handlers)).outputFiles);
  return remember(root, handlers);
}

export interface BundleAheadOptions {
  /** @default - this package's `lambdas` */
  readonly handlersDirectory?: string;
  /**
   * Whether bundles of an earlier run are used again where none of their files has another size or time since. For a
   * developer who synthesizes on each save; what is deployed is always built whole.
   * @default false
   */
  readonly reuse?: boolean;
}

/**
 * The same, while the caller does something else: esbuild has a process of its own, and loading the CDK takes as long as
 * bundling does. Never rejects; what is wrong is found, and told with the construct's path, by `bundleHandlers`.
 */
export function bundleHandlersAhead(options: BundleAheadOptions = {}): Promise<void> {
  const { handlersDirectory = DEFAULT_HANDLERS_DIRECTORY, reuse = false } = options;
  const root = resolve(handlersDirectory);
  const handlers = findHandlers(root);
  const record = bundleRecord(outputDirectory(root), recordKey(root));
  const stale = reuse ? record.staleOf(handlers) : handlers;
  const built = stale.length === 0 ? Promise.resolve() : buildAhead(root, stale, record);
  return built.then(
    () => void remember(root, handlers),
    () => {},
  );
}

function buildAhead(root: string, handlers: readonly string[], record: BundleRecord): Promise<void> {
  return build({ ...buildOptions(root, handlers), metafile: true }).then(({ outputFiles, metafile }) => {
    write(root, outputFiles);
    const entryPoints = handlers.map((handler) => [handler, entryPoint(root, handler)] as const);
    record.update(Object.fromEntries(entryPoints), metafile, dirname(root));
  });
}

/** Paths in esbuild's report are relative to the working directory that it was given. */
function entryPoint(root: string, handler: string): string {
  return relative(dirname(root), join(root, handler, HANDLER_FILE))
    .split(sep)
    .join('/');
}

/** Besides a bundle's own files: the options, and the versions of what is installed. */
function recordKey(root: string): string {
  const lockfile = join(PACKAGE_DIRECTORY, 'package-lock.json');
  const installed = existsSync(lockfile) ? readFileSync(lockfile) : '';
  return createHash('sha256')
    .update(JSON.stringify(buildOptions(root, [])))
    .update(installed)
    .digest('hex');
}

function buildOptions(root: string, handlers: readonly string[]) {
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
    // A WebAssembly module lies in the bundle as its bytes: the asset stays one file, and nothing is looked for at run time.
    loader: { '.wasm': 'binary' },
    // The build of the same package that has its module within, for the one that reads it from beside itself.
    alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
    sourcemap: 'external',
    // A map names its sources, and whoever reads it has them.
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

function write(root: string, files: readonly OutputFile[]): void {
  const out = outputDirectory(root);
  for (const file of files) {
    // Maps stay beside the bundles: inside the asset they would cost start-up time and change its hash for a comment.
    const path = file.path.endsWith('.map') ? join(out, 'source-maps', relative(out, file.path)) : file.path;
    writeIfChanged(path, file.contents);
  }
}

function remember(root: string, handlers: readonly string[]): HandlerBundles {
  const bundles = new Map(handlers.map((handler) => [handler, join(outputDirectory(root), handler)]));
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
