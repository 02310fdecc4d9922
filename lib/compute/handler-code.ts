import { Code } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import { bundleHandlers, HANDLER_FILE, type HandlerBundles } from './handler-bundles.ts';

/** A handler by its folder below `lambdas/`; the folder holds a `handler.ts` that exports `handler`. */
export type HandlerRef = 'authorizer' | `services/${string}` | `workers/${string}`;

/** The value of a function's `Handler`: `handler`, exported by the bundle's `index.mjs`. */
export const HANDLER_ENTRY = 'index.handler';

/**
 * The bundle of one handler as an asset of its own. The first call in a process bundles all handlers in one esbuild
 * run (docs/adr/0003-one-esbuild-run.md), unless that was done ahead; the others only look theirs up.
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
  const bundles = bundle(scope, handlersDirectory);
  const directory = bundles.get(handler);
  if (directory === undefined) {
    const known = bundles.size > 0 ? `handlers are ${[...bundles.keys()].join(', ')}` : 'there are no handlers at all';
    throw new SpillwayError(
      'unknown-handler',
      `handler '${handler}' does not exist; ${known}; a handler is a folder with a ${HANDLER_FILE}`,
      scope,
    );
  }
  return directory;
}

function bundle(scope: IConstruct, handlersDirectory: string | undefined): HandlerBundles {
  try {
    return bundleHandlers(handlersDirectory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SpillwayError('handler-build-failed', `the handlers do not bundle: ${reason}`, scope);
  }
}
