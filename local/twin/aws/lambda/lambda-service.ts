import { parseFunctionName } from '../../functions/function-name.ts';
import type { InvokeOutcome } from '../../functions/invoke.ts';
import { type AwsService, type Input, RawOutput } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { AwsContext } from '../aws-room.ts';
import { optionalString, requiredString } from '../input.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { readPayload } from './invoke-payload.ts';

/** The API answers at most this many functions at once. */
const LIST_MAX = 50;
const INVOCATION_TYPES = ['RequestResponse', 'Event', 'DryRun'] as const;

/**
 * The operations of Lambda that a function may call: Invoke in its three types, and reading what is deployed. What would
 * change a function is not there: here the template alone does. IAM was asked before.
 */
export function lambdaService(
  { invoke, invokeAsync }: Pick<AwsContext, 'invoke' | 'invokeAsync'>,
  registry: FunctionRegistry,
): AwsService {
  const found = (input: Input): { readonly name: string; readonly qualifier: string | undefined } => {
    const name = requiredString(input, 'FunctionName');
    const qualifier = optionalString(input, 'Qualifier');
    if (registry.arnOf(name, qualifier) !== undefined) return { name, qualifier };
    throw notFound(registry.arnFor(name, qualifier));
  };
  return {
    Invoke: async (input: Input) => {
      const { name, qualifier } = found(input);
      const type = invocationType(input);
      const payload = readPayload(input.Payload, type === 'Event');
      if (type === 'DryRun') return new RawOutput(204, {}, Buffer.alloc(0));
      const arn = registry.arnFor(name, qualifier);
      const options = {
        traceId: optionalString(input, 'TraceId'),
        clientContextJson: clientContext(optionalString(input, 'ClientContext')),
      };
      if (type === 'Event') {
        const taken = await invokeAsync(arn, payload, undefined, options);
        if (!taken.ok) throw refusal(taken);
        return new RawOutput(202, {}, Buffer.alloc(0));
      }
      const outcome = await invoke(arn, payload, undefined, { ...options, isRecorded: true });
      return answer(outcome, optionalString(input, 'LogType') === 'Tail');
    },
    GetFunction: (input: Input) => {
      const { name, qualifier } = found(input);
      const reserved = registry.reservedConcurrency(parseFunctionName(name).name);
      return {
        Configuration: registry.configuration(name, qualifier),
        Code: { RepositoryType: 'S3' },
        ...(reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: reserved } }),
      };
    },
    GetFunctionConfiguration: (input: Input) => {
      const { name, qualifier } = found(input);
      return registry.configuration(name, qualifier);
    },
    ListFunctions: (input: Input) => {
      const all = registry.configurations();
      const start = Number(input.Marker ?? 0);
      const end = start + Math.min(LIST_MAX, Number(input.MaxItems ?? LIST_MAX));
      return { Functions: all.slice(start, end), ...(end < all.length && { NextMarker: String(end) }) };
    },
  };
}

function invocationType(input: Input): (typeof INVOCATION_TYPES)[number] {
  const given = optionalString(input, 'InvocationType') ?? 'RequestResponse';
  const type = INVOCATION_TYPES.find((known) => known === given);
  if (type !== undefined) return type;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${given}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [${INVOCATION_TYPES.join(', ')}]`,
  );
}

/** `X-Amz-Client-Context`: base64 of JSON. */
function clientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Client context must be a valid Base64-encoded JSON object.');
  }
}

function answer(outcome: InvokeOutcome, isTailWanted: boolean): RawOutput {
  const { record } = outcome;
  if (
    !outcome.ok &&
    (outcome.kind === 'throttled' || outcome.kind === 'unknown-function' || outcome.kind === 'denied')
  ) {
    throw refusal(outcome);
  }
  const body = record?.responseJson ?? JSON.stringify(outcome.ok ? (outcome.payload ?? null) : errorOf(outcome));
  return new RawOutput(
    200,
    {
      'content-type': 'application/json',
      'x-amz-executed-version': record?.executedVersion ?? '$LATEST',
      ...(!outcome.ok && { 'x-amz-function-error': 'Unhandled' }),
      ...(isTailWanted && { 'x-amz-log-result': Buffer.from(record?.logTail ?? '').toString('base64') }),
    },
    Buffer.from(body),
  );
}

function errorOf({ errorType, errorMessage }: InvokeOutcome & { readonly ok: false }): Record<string, unknown> {
  return { errorType, errorMessage };
}

/** Why Lambda did not run the function at all, as its API says it. */
function refusal(outcome: InvokeOutcome & { readonly ok: false }): AwsError {
  const { kind, errorType, errorMessage, reason } = outcome;
  switch (kind) {
    case 'throttled':
      return new AwsError(errorType, errorMessage, {
        statusCode: 429,
        members: { Reason: reason ?? 'ConcurrentInvocationLimitExceeded', Type: 'User' },
      });
    case 'unknown-function':
      return new AwsError(errorType, errorMessage, { statusCode: 404, members: { Type: 'User' } });
    case 'denied':
      return new AwsError(errorType, errorMessage, { statusCode: 403 });
    default:
      return new AwsError(errorType, errorMessage, { statusCode: 500 });
  }
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, {
    statusCode: 404,
    members: { Type: 'User' },
  });
}
