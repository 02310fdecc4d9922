import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { Protocol } from './protocol.ts';
import type { WireResponse } from './wire-request.ts';

/** AWS JSON 1.0 and 1.1: the operation stands in `X-Amz-Target`, input and output are JSON. */
export const jsonProtocol: Protocol = {
  decode: ({ headers, body }) => {
    const target = String(headers['x-amz-target'] ?? '');
    return { operation: target.slice(target.indexOf('.') + 1), input: parseJson(body) };
  },
  encode: (_operation, output) => jsonResponse(200, output ?? {}),
  encodeError: (error) => {
    const response = jsonResponse(error.statusCode, { ...error.members, __type: error.type, message: error.message });
    const headers: Record<string, string> = { ...response.headers, 'x-amzn-errortype': error.type };
    if (error.queryCode !== undefined) headers['x-amzn-query-error'] = `${error.queryCode};Sender`;
    return { ...response, headers };
  },
};

export function parseJson(body: Buffer): Input {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    parsed = undefined;
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Input;
  throw new AwsError('SerializationException', 'the body of the request is not a JSON object');
}

export function jsonResponse(statusCode: number, output: unknown): WireResponse {
  return { statusCode, headers: { 'Content-Type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) };
}
