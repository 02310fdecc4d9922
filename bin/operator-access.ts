import { setTimeout as sleep } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { awsClientOptions } from '../lambdas/adapters/aws-client-options.ts';
import type { Surroundings } from '../local/redrive/find-resources.ts';
import { OperatorError, usageError } from '../local/redrive/operator-error.ts';

const TWIN_CREDENTIALS = { accessKeyId: 'owner', secretAccessKey: 'owner' };
/** A twin is in one Region, and asks nobody for it. */
const TWIN_REGION = 'us-east-1';

/** Options that operators' commands share. */
export interface OperatorOptions {
  readonly stage: string;
  readonly endpoint?: string | undefined;
}

/** The lines of these options in a command's help. */
export const OPERATOR_USAGE = `  --stage NAME      stage (default: dev)
  --endpoint URL    where a twin answers AWS calls; \`npm start\` prints it as "AWS"
  --help            this text
`;

export const OPERATOR_ARGUMENTS = {
  stage: { type: 'string', default: 'dev' },
  endpoint: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** @throws OperatorError with exit code 2 */
export function readOperatorOptions({ stage, endpoint }: OperatorOptions): OperatorOptions {
  if (!/^[A-Za-z0-9_-]+$/.test(stage)) {
    throw usageError(`--stage must be the name of a stage in bin/stages.ts, got '${stage}'`);
  }
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol))) {
    throw usageError(`--endpoint must be a URL such as http://127.0.0.1:4566, got '${endpoint}'`);
  }
  return { stage, endpoint };
}

/** A number that must be above 0, up to `max`. @throws OperatorError with exit code 2 */
export function readNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= max) return value;
  throw usageError(`${name} must be a number above 0, at most ${max}, got '${text}'`);
}

/** A whole number of at least 1. @throws OperatorError with exit code 2 */
export function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`${name} must be a whole number of at least 1, got '${text}'`);
}

/** ISO 8601, in ms since the epoch. @throws OperatorError with exit code 2 */
export function readTime(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw usageError(`${name} must be a time such as 2026-11-22T10:00:00Z, got '${text}'`);
}

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
export function untilInterrupted(): AbortSignal {
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
    return say(
      `what answers at ${endpoint} is not where a twin answers AWS calls; \`npm start\` prints that URL as "AWS"`,
    );
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

/** Runs a command: its fault is a plain sentence and an exit code, or a stack where it is one of this program. */
export function runCommand(name: string, main: () => Promise<number>): void {
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
