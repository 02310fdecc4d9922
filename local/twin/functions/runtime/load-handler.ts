import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Handler } from './call-handler.ts';
import type { EnvironmentData } from './environment-protocol.ts';
import { type ModuleFormats, moduleFormats } from './module-format.ts';
import { confineModules } from './module-resolution.ts';
import { RuntimeError } from './reported-error.ts';

/** How `awslambda.streamifyResponse` marks a handler. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

type Bundle = Pick<EnvironmentData, 'taskRoot' | 'layerRoots' | 'handler' | 'runtimeRoot' | 'nodeMajor'>;

/**
 * Imports `<file>.<export>` of a bundle as Lambda's Node.js runtime would.
 *
 * @throws RuntimeError `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`,
 *   `Runtime.MalformedHandlerName` or `Runtime.CallbackHandlerDeprecated`; or whatever the module throws while it loads.
 */
export async function loadHandler(bundle: Bundle): Promise<Handler> {
  const { handler: name, nodeMajor } = bundle;
  const { modulePath, exportPath } = parseHandlerName(name);
  provideStreamify();
  const formats = moduleFormats(bundle);
  confineModules(bundle, formats);
  const namespace = await importModule(handlerFile(bundle, modulePath), formats);
  const found = pick(namespace, exportPath) ?? pick(namespace.default, exportPath);
  if (found === undefined || found === null) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${name} is not a function`);
  if (STREAMING in found) {
    throw new RuntimeError(
      'Runtime.InvalidStreamingOperation',
      `${name} streams its response (awslambda.streamifyResponse), which the twin does not run: return the response instead`,
    );
  }
  if (nodeMajor >= 24 && found.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      `${name} takes a callback, which Node.js 24 no longer has in Lambda: make it async and return the result`,
    );
  }
  return found as Handler;
}

function parseHandlerName(name: string): { readonly modulePath: string; readonly exportPath: string } {
  if (name.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  // The first dot of the last part ends the file's name: `src/index.nested.handler`.
  const [, module = '', exportPath] = /^([^.]+)\.(.+)$/.exec(posix.basename(name)) ?? [];
  if (exportPath === undefined) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `Bad handler '${name}': expected 'file.export'`);
  }
  return { modulePath: posix.join(posix.dirname(name), module), exportPath };
}

/** Absolute names are those of AWS: `/var/task/…` is the bundle, `/opt/…` the layers. */
function handlerFile({ taskRoot, layerRoots }: Bundle, modulePath: string): string {
  const isInLayer = modulePath.startsWith('/opt/');
  const relative = modulePath.replace(/^\/(?:opt|var\/task)\//, '');
  const roots = isInLayer ? layerRoots.toReversed() : [taskRoot];
  const candidates = roots.flatMap((root) => ['.js', '.mjs', '.cjs'].map((ending) => join(root, relative + ending)));
  const file = candidates.find(existsSync);
  if (file !== undefined) return file;
  throw new RuntimeError(
    'Runtime.ImportModuleError',
    `Error: Cannot find module '${posix.basename(modulePath)}'\nRequire stack:\n- /var/runtime/index.mjs`,
  );
}

async function importModule(file: string, formats: ModuleFormats): Promise<Record<string, unknown>> {
  try {
    return formats.of(file) === 'commonjs'
      ? (createRequire(file)(file) as Record<string, unknown>)
      : ((await import(pathToFileURL(file).href)) as Record<string, unknown>);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      const error = new RuntimeError('Runtime.UserCodeSyntaxError', String(cause), { cause });
      error.stack = cause.stack ?? '';
      throw error;
    }
    // ES modules report a missing package by another code, which the runtime passes on as it is.
    if ((cause as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new RuntimeError('Runtime.ImportModuleError', String(cause), { cause });
  }
}

function pick(value: unknown, exportPath: string): unknown {
  return exportPath
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}

/** Lambda's own global; what it marks is refused by name instead of failing on a missing global. */
function provideStreamify(): void {
  const streamifyResponse = (handler: object): object => Object.assign(handler, { [STREAMING]: 'response' });
  Object.assign(globalThis, { awslambda: { streamifyResponse } });
}
