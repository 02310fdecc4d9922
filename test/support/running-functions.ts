import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { createFunctions, type Functions, type FunctionsOptions } from '../../local/twin/functions/functions.ts';
import type { InvokeOutcome } from '../../local/twin/functions/invoke.ts';
import type { LogLine } from '../../local/twin/functions/log-lines.ts';

const fixtures = join(import.meta.dirname, '../fixtures/functions');
export const arnPrefix = 'arn:aws:lambda:eu-central-1:111122223333:function';

/** A function whose bundle is the fixture of its name. */
export function lambda(name: string, properties: Record<string, unknown> = {}, code = name): ResolvedResource {
  return lambdaAt(code.startsWith('/') ? code : join(fixtures, code), properties, name);
}

export function lambdaAt(
  directory: string,
  properties: Record<string, unknown> = {},
  name = 'bundle',
): ResolvedResource {
  return {
    logicalId: `${name}Logical`,
    physicalId: name,
    stackName: 'Stack',
    type: 'AWS::Lambda::Function',
    path: `Stack/${name}`,
    properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 5, MemorySize: 256, ...properties },
    metadata: { 'aws:asset:path': directory },
  };
}

/** A function whose code is text in the template. */
export function inlineLambda(
  text: string,
  properties: Record<string, unknown> = {},
  name = 'inline',
): ResolvedResource {
  return { ...lambdaAt('', { Code: { ZipFile: text }, ...properties }, name), metadata: {} };
}

export function resourceOf(type: string, physicalId: string, properties: Record<string, unknown>): ResolvedResource {
  return { logicalId: 'Thing', physicalId, stackName: 'Stack', type, path: 'Stack/Thing', properties, metadata: {} };
}

/** Functions of a test, with what they log; `close` ends them and takes away the bundles that were written. */
export class RunningFunctions {
  readonly lines: LogLine[] = [];
  readonly notices: string[] = [];
  readonly #directories: string[] = [];
  #functions: Functions | undefined;

  start(resources: readonly ResolvedResource[], options: Partial<FunctionsOptions> = {}): Functions {
    this.lines.length = 0;
    this.#functions = createFunctions(resources, {
      region: 'eu-central-1',
      accountId: '111122223333',
      awsEndpointUrl: 'http://127.0.0.1:4000',
      localize: (variables) => variables,
      onLine: (_, line) => this.lines.push(line),
      log: (message) => this.notices.push(message),
      ...options,
    });
    return this.#functions;
  }

  /** Writes a bundle and returns its directory. */
  bundle(files: Readonly<Record<string, string>>): string {
    const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
    this.#directories.push(directory);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    return directory;
  }

  /** What a function answers; throws where it fails. */
  async call<T = unknown>(name: string, payload: unknown = {}): Promise<T> {
    const outcome = await this.#functions?.invoke(name, payload);
    if (!outcome?.ok) throw new Error(`expected an answer, got ${JSON.stringify(outcome)}`);
    return outcome.payload as T;
  }

  /** Error type and message of a function that fails. */
  async failure(name: string, payload: unknown = {}): Promise<string> {
    return failureOf(await this.#functions?.invoke(name, payload));
  }

  async close(): Promise<void> {
    await this.#functions?.close();
    for (const directory of this.#directories.splice(0)) rmSync(directory, { recursive: true });
  }
}

export function failureOf(outcome: InvokeOutcome | undefined): string {
  if (!outcome || outcome.ok) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return `${outcome.errorType}: ${outcome.errorMessage}`;
}
