import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Reply } from '../answer/reply.ts';
import { isRecord } from '../model/is-record.ts';

const FIELDS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/** Headers that only the gateway may set; a function's value goes out under another name, as API Gateway does it. */
const REMAPPED = new Map(
  ['Connection', 'Content-Length', 'Content-MD5', 'Date', 'Expect', 'Host', 'Keep-Alive', 'Max-Forwards']
    .concat(['Proxy-Authenticate', 'Server', 'Trailer', 'Upgrade', 'User-Agent', 'WWW-Authenticate'])
    .map((name) => [name.toLowerCase(), `x-amzn-Remapped-${name}`]),
);
const DROPPED = new Set(['transfer-encoding', 'te']);

/**
 * Reads what a function returned (developer guide, "Output format of a Lambda function for proxy integration"). Answers
 * the reply, or why it is malformed. `decodeBase64` says whether the API and the caller take binary bodies: without, a
 * base64 body goes out as the text it is.
 */
export function lambdaProxyResponse(payload: unknown, decodeBase64: boolean): Reply | string {
  if (!isRecord(payload)) return `it returned ${payload === null ? 'null' : typeof payload}, not an object`;
  for (const field of Object.keys(payload)) {
    if (!FIELDS.has(field)) return `it returned the unknown field '${field}'`;
  }
  const status = payload.statusCode === undefined ? 200 : Number(payload.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return `its statusCode must be a whole number from 200 to 599, got ${JSON.stringify(payload.statusCode)}`;
  }
  const { body } = payload;
  if (body !== undefined && body !== null && typeof body !== 'string') {
    return `its body must be a string, got ${typeof body}; use JSON.stringify`;
  }
  const headers = readHeaders(payload);
  if (typeof headers === 'string') return headers;
  const text = body ?? '';
  const binary = payload.isBase64Encoded === true && decodeBase64;
  return { kind: 'reply', status, headers, body: binary ? Buffer.from(text, 'base64') : text };
}

function readHeaders(payload: Record<string, unknown>): [string, string][] | string {
  const { headers, multiValueHeaders } = payload;
  const list: [string, string][] = [];
  if (multiValueHeaders !== undefined && multiValueHeaders !== null) {
    if (!isRecord(multiValueHeaders)) return 'its multiValueHeaders must be an object';
    for (const [name, values] of Object.entries(multiValueHeaders)) {
      if (!Array.isArray(values)) return `its multiValueHeaders.${name} must be a list of strings`;
      for (const value of values) list.push([name, value]);
    }
  }
  if (headers !== undefined && headers !== null) {
    if (!isRecord(headers)) return 'its headers must be an object';
    for (const [name, value] of Object.entries(headers)) {
      // The same name and value in both maps is one header.
      if (!list.some(([other, known]) => other === name && known === value)) list.push([name, value as string]);
    }
  }
  let typed = false;
  const result: [string, string][] = [];
  for (const [name, value] of list) {
    const sent = typeof value === 'boolean' ? String(value) : value;
    const fault = headerFault(name, sent);
    if (fault !== undefined) return fault;
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) continue;
    typed ||= lower === 'content-type';
    result.push([REMAPPED.get(lower) ?? name, sent]);
  }
  if (!typed) result.push(['Content-Type', 'application/json']);
  return result;
}

function headerFault(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return `its header ${name} must be a string, got ${JSON.stringify(value)}`;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return undefined;
  } catch {
    return `its header ${JSON.stringify(name)} has characters that a header must not have`;
  }
}
