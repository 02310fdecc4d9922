import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A handler as the runtime sees it: event, context and, before Node 24, a callback. */
export type Handler = (
  event: unknown,
  context: unknown,
  callback?: (error: unknown, result: unknown) => void,
) => unknown;

/** A fault of the bundle, named as Lambda's runtime names it (`Runtime.ImportModuleError`, …). */
export class RuntimeError extends Error {
  constructor(name: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}

/** Packages that the Node.js runtime of Lambda brings along. */
const PROVIDED = /^(@aws-sdk|@smithy|@aws-crypto)\//;

/**
 * Imports `<file>.<export>` of a bundle as Lambda's Node.js runtime would.
 *
 * @param runtimeRoot URL of a module of the twin, which packages of the runtime are looked up from
 * @throws RuntimeError `Runtime.ImportModuleError`, `Runtime.HandlerNotFound` or `Runtime.MalformedHandlerName`;
 *   or whatever the module itself throws while it loads.
 */
export async function loadHandler(taskRoot: string, handler: string, runtimeRoot: string): Promise<Handler> {
  const [, modulePath, exportPath] = /^(.*?[^/.]+)\.([^/]+)$/.exec(handler) ?? [];
  if (modulePath === undefined || exportPath === undefined) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `Bad handler '${handler}': expected 'file.export'`);
  }
  const file = ['.mjs', '.js', '.cjs'].map((ending) => join(taskRoot, modulePath + ending)).find(existsSync);
  if (!file) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${modulePath}' in ${taskRoot}`);
  }
  confineModules(taskRoot, runtimeRoot);
  readScriptsAsCommonJs(taskRoot);
  let namespace: Record<string, unknown>;
  try {
    namespace = isCommonJs(file, taskRoot)
      ? createRequire(file)(file)
      : ((await import(pathToFileURL(file).href)) as Record<string, unknown>);
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new RuntimeError('Runtime.ImportModuleError', `Error: ${(cause as Error).message}`, { cause });
  }
  const found =
    pick(namespace, exportPath) ?? pick(namespace.default as Record<string, unknown> | undefined, exportPath);
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found as Handler;
}

function pick(namespace: Record<string, unknown> | undefined, exportPath: string): unknown {
  return exportPath
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], namespace);
}

/**
 * A cloud assembly usually lies inside of a project. Without this, a bundle would find the project's `node_modules` and
 * its `"type": "module"`, and work here while it fails in AWS.
 */
function confineModules(taskRoot: string, runtimeRoot: string): void {
  const root = pathToFileURL(taskRoot.endsWith('/') ? taskRoot : `${taskRoot}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      const isBare = !/^(\.{0,2}\/|file:|node:|data:)/.test(specifier);
      const resolved = resolveIn(specifier, context, next, isBare ? runtimeRoot : undefined);
      if (resolved.url.startsWith('node:') || !context.parentURL?.startsWith(root)) return resolved;
      if (isBare && !resolved.url.startsWith(root) && !PROVIDED.test(specifier)) {
        const message = `Cannot find package '${specifier}' imported from ${fileURLToPath(context.parentURL)}`;
        throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
      }
      return resolved;
    },
  });
}

type Resolve = Parameters<typeof registerHooks>[0]['resolve'] & {};

function resolveIn(
  specifier: string,
  context: Parameters<Resolve>[1],
  next: Parameters<Resolve>[2],
  runtimeRoot: string | undefined,
): ReturnType<Resolve> {
  try {
    return next(specifier, context);
  } catch (error) {
    // An assembly outside of any project: take the SDK that the twin itself has for the one of the runtime.
    if (runtimeRoot !== undefined && PROVIDED.test(specifier))
      return next(specifier, { ...context, parentURL: runtimeRoot });
    throw error;
  }
}

/** Lambda reads a `.js` file of a bundle without a package.json as CommonJS, whatever lies around the bundle here. */
function isCommonJs(file: string, taskRoot: string): boolean {
  return file.startsWith(taskRoot) && file.endsWith('.js') && !hasPackageJson(file, taskRoot);
}

interface CommonJsModule {
  _compile(source: string, file: string, format: string): unknown;
}

function readScriptsAsCommonJs(taskRoot: string): void {
  // Node offers no other way: a load hook's `format` does not reach `require`, which looks for a package.json itself.
  const extensions = (
    Module as unknown as { _extensions: Record<string, (m: CommonJsModule, file: string) => unknown> }
  )._extensions;
  const original = extensions['.js'];
  extensions['.js'] = (module, file) =>
    isCommonJs(file, taskRoot)
      ? module._compile(readFileSync(file, 'utf8'), file, 'commonjs')
      : original?.(module, file);
}

function hasPackageJson(file: string, taskRoot: string): boolean {
  for (let directory = dirname(file); directory.startsWith(taskRoot); directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return true;
    if (directory === taskRoot) break;
  }
  return false;
}
