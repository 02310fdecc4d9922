import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Architecture, type Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IConstruct } from 'constructs';

/**
 * What `NodejsFunction` does for its code, and nothing else: one esbuild process per function on every synth. Stands in
 * for `lib/compute/handler-code.ts` (see `per-handler-hook.ts`), so that the rest of the stage is the very same.
 */
interface Bundling {
  bundle(scope: IConstruct, options: object): Code;
}

const require = createRequire(import.meta.url);
const root = resolve(import.meta.dirname, '..');
// Not an export of the package, but the very code that NodejsFunction calls.
const { Bundling } = require(join(root, 'node_modules/aws-cdk-lib/aws-lambda-nodejs/lib/bundling.js')) as {
  Bundling: Bundling;
};

export const HANDLER_ENTRY = 'index.handler';

export function handlerCode(scope: IConstruct, handler: string): Code {
  const options: BundlingOptions = {
    format: OutputFormat.ESM,
    minify: true,
    keepNames: true,
    mainFields: ['module', 'main'],
    target: 'node24',
    bundleAwsSDK: true,
    // Ours has maps beside the bundle, too.
    sourceMap: true,
    sourceMapMode: SourceMapMode.EXTERNAL,
    sourcesContent: false,
    banner: "import{createRequire as r}from'node:module';const require=r(import.meta.url);",
  };
  return Bundling.bundle(scope, {
    ...options,
    entry: join(root, 'lambdas', handler, 'handler.ts'),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
  });
}
