import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';

/** A call as it reached the endpoint. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  /** Access key id of the signature: says which function calls. */
  readonly accessKeyId: string | undefined;
}

/** Operations of a service that speaks AWS JSON: input and output are plain objects. */
export type Operations = Readonly<Record<string, (input: Input, call: AwsCall) => unknown>>;

/** Members of a request, not yet checked. */
export type Input = Readonly<Record<string, unknown>>;

/** Answers requests of one service behind the endpoint. */
export type ServiceHandler = (request: IncomingMessage, response: ServerResponse, call: AwsCall) => void;

/** The largest request that any of these services accepts is Kinesis' PutRecords of 5 MB, and 10 MB since 2025. */
const REQUEST_MAX_BYTES = 16 * 1024 * 1024;

/** A service of our own: JSON in, operation by name, JSON out, errors as AWS shapes them. */
export function jsonService(operations: Operations): ServiceHandler {
  return (request, response, call) => {
    void answer(operations, request, call).then(
      (output) => send(response, 200, output ?? {}),
      (error: unknown) => sendError(response, error),
    );
  };
}

/** Sends an error in AWS's JSON form. A fault of the twin itself is an `InternalFailure` that carries its message. */
export function sendError(response: ServerResponse, error: unknown): void {
  const { type, message, statusCode } =
    error instanceof AwsError
      ? error
      : { type: 'InternalFailure', message: `the twin failed: ${(error as Error).message}`, statusCode: 500 };
  response.setHeader('x-amzn-errortype', type);
  send(response, statusCode, { __type: type, message });
}

async function answer(operations: Operations, request: IncomingMessage, call: AwsCall): Promise<unknown> {
  const operation = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
  const input = await readJson(request);
  if (operation) return operation(input, call);
  throw new AwsError(
    'UnknownOperationException',
    `the twin does not know ${call.service}:${call.operation}; it knows ${Object.keys(operations).join(', ')}`,
  );
}

async function readJson(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > REQUEST_MAX_BYTES)
      throw new AwsError('RequestEntityTooLargeException', 'Request size is too large', 413);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Input;
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not JSON');
  }
}

function send(response: ServerResponse, statusCode: number, output: unknown): void {
  const body = JSON.stringify(output);
  response.writeHead(statusCode, {
    'Content-Type': 'application/x-amz-json-1.1',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** A member that must be a string. @throws AwsError ValidationException */
export function requiredString(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A member that may be missing. */
export function optionalString(input: Input, member: string): string | undefined {
  return input[member] === undefined || input[member] === null ? undefined : requiredString(input, member);
}
