import { setTimeout as sleep } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { awsClientOptions } from '../lambdas/adapters/aws-client-options.ts';
import type { Surroundings } from '../local/redrive/find-resources.ts';
import { OperatorError } from '../local/redrive/operator-error.ts';
import type { OperatorOptions } from './operator-arguments.ts';

const TWIN_CREDENTIALS = { accessKeyId: 'owner', secretAccessKey: 'owner' };
/** A twin is in one Region, and asks nobody for it. */
const TWIN_REGION = 'us-east-1';
/** A function may run for 15 minutes. */
export const INVOKE_TIMEOUT_MS = 16 * 60_000;

/** How AWS, or a twin, is called. @param requestTimeoutMs of a call @default - that of all clients */
export function clientOptions({ endpoint }: OperatorOptions, requestTimeoutMs?: number) {
  return {
    ...awsClientOptions(),
    ...(requestTimeoutMs !== undefined && {
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 1_000,
        requestTimeout: requestTimeoutMs,
        throwOnRequestTimeout: true,
      }),
    }),
    ...(endpoint !== undefined && { endpoint, region: TWIN_REGION, credentials: TWIN_CREDENTIALS }),
  };
}

export function surroundings({ stage, endpoint }: OperatorOptions): Surroundings {
  return { stage, where: endpoint === undefined ? 'account and Region' : `twin at ${endpoint}` };
}

/** Resolves after so long, or when the signal is aborted. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** Says how far it is: every other second at most, and only what is new. */
export function createProgress(say: (line: string) => void): (line: string) => void {
  let last = '';
  let atMs = Date.now();
  return (line) => {
    if (line === last || Date.now() < atMs + 2_000) return;
    last = line;
    atMs = Date.now();
    say(line);
  };
}

/** Aborts at Ctrl-C and when the machine asks to end; at the second Ctrl-C the process ends at once, and loses nothing by it. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`interrupted by ${signal}`)));
  }
  return controller.signal;
}

/** What the SDK adds to what it throws. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Faults of the surroundings, as what to do about them; a fault of this program stays as it is. */
export function explain(error: unknown, { endpoint }: OperatorOptions): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error;
  const say = (message: string) => new OperatorError(message, { cause: error });
  const { code, $metadata } = error as SdkError;
  if (endpoint !== undefined && (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || error.name === 'TimeoutError')) {
    return say(`no twin answers at ${endpoint}; \`npm start\` prints where it does, as "AWS"`);
  }
  if (
    endpoint !== undefined &&
    (error instanceof SyntaxError || /^Unknown(Error)?$/.test(error.name) || code?.startsWith('HPE_'))
  ) {
    return notATwin(endpoint, error);
  }
  if (error.message.includes('Region is missing')) return say('the AWS Region is not known; set AWS_REGION');
  if (error.name === 'CredentialsProviderError') {
    return say('there are no AWS credentials; log in, set AWS_PROFILE, or name a twin with --endpoint');
  }
  if (/^(AccessDenied|AccessDeniedException)$/.test(error.name)) return say(`AWS does not allow it: ${error.message}`);
  if (/^(ExpiredToken|UnrecognizedClient|InvalidSignature|InvalidClientTokenId|InvalidAccessKeyId)/.test(error.name)) {
    return say(`AWS does not take the credentials: ${error.message}`);
  }
  if ($metadata === undefined && code === undefined) return error;
  return say(
    `${endpoint ?? 'AWS'} fails with ${error.name}: ${error.message || code}; try again, or check the network and AWS_REGION`,
  );
}

/** For an endpoint where something else answers, such as the API or the console. */
export function notATwin(endpoint: string, cause: unknown): OperatorError {
  return new OperatorError(
    `what answers at ${endpoint} is not where a twin answers AWS calls; \`npm start\` prints that URL as "AWS"`,
    { cause },
  );
}

/** What a command does, and the lines that it says of it. */
export interface OperatorCommand<T> {
  readonly name: string;
  readonly usage: string;
  /** `undefined` where help is asked for. @throws OperatorError with exit code 2 */
  readonly parse: (args: readonly string[]) => T | undefined;
  /** Answers the exit code. @throws OperatorError */
  readonly run: (options: T, say: (line: string) => void, signal: AbortSignal) => Promise<number>;
}

/** Runs a command by the process's arguments: its fault is a plain sentence and an exit code, or a stack where it is one of this program. */
export function runCommand<T>({ name, usage, parse, run }: OperatorCommand<T>): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const main = async (): Promise<number> => {
    const options = parse(process.argv.slice(2));
    if (options !== undefined) return run(options, say, untilInterrupted());
    say(usage.trimEnd());
    return 0;
  };
  main().then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error: unknown) => {
      const isExpected = error instanceof OperatorError;
      process.stderr.write(
        `${name}: ${isExpected || !(error instanceof Error) ? String((error as Error).message) : error.stack}\n`,
      );
      process.exitCode = isExpected ? error.exitCode : 1;
    },
  );
}
