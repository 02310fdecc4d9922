import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isRecord } from '../../gateway/model/is-record.ts';
import type { HttpReply } from '../http-reply.ts';

/** Headers of one connection, which only the API may set. */
const DROPPED = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Reads what a function returned for payload format 2.0: an object with `statusCode` is a whole response, anything else is
 * the body of a 200 in JSON (developer guide, "Lambda function response for format 2.0"). Answers the reply, or why it is
 * malformed, which HTTP APIs answer with 500.
 */
export function lambdaResponse(payload: unknown): HttpReply | string {
  if (isRecord(payload) && payload.statusCode !== undefined) return wholeResponse(payload);
  const body = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? 'null');
  return { kind: 'reply', status: 200, headers: [['content-type', 'application/json']], body };
}

/** Reads what a function returned for payload format 1.0, where `statusCode` is required. */
export function lambdaResponseV1(payload: unknown): HttpReply | string {
  if (!isRecord(payload)) return `it returned ${payload === null ? 'null' : typeof payload}, not an object`;
  if (payload.statusCode === undefined) return 'it returned no statusCode, which payload format 1.0 asks for';
  return wholeResponse(payload);
}

function wholeResponse(payload: Record<string, unknown>): HttpReply | string {
  const status = Number(payload.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return `its statusCode must be a whole number from 200 to 599, got ${JSON.stringify(payload.statusCode)}`;
  }
  const { body } = payload;
  if (body !== undefined && body !== null && typeof body !== 'string') {
    return `its body must be a string, got ${typeof body}; use JSON.stringify`;
  }
  const headers: [string, string][] = [];
  const fault =
    addMap(headers, payload.multiValueHeaders, 'multiValueHeaders') ??
    addMap(headers, payload.headers, 'headers') ??
    addCookies(headers, payload.cookies);
  if (fault !== undefined) return fault;
  const text = body ?? '';
  if (!headers.some(([name]) => name === 'content-type')) headers.push(['content-type', 'text/plain; charset=utf-8']);
  return {
    kind: 'reply',
    status,
    headers,
    body: payload.isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  };
}

/** Headers of `multiValueHeaders` come first; `headers` then adds the names that are not there. */
function addMap(list: [string, string][], map: unknown, field: string): string | undefined {
  if (map === undefined || map === null) return undefined;
  if (!isRecord(map)) return `its ${field} must be an object`;
  const taken = new Set(list.map(([name]) => name));
  for (const [given, value] of Object.entries(map)) {
    const name = given.toLowerCase();
    if (taken.has(name) || DROPPED.has(name)) continue;
    for (const item of Array.isArray(value) && field === 'multiValueHeaders' ? value : [value]) {
      if (typeof item === 'object' || item === undefined) {
        return `its header ${given} must be a string, got ${JSON.stringify(item)}`;
      }
      const fault = add(list, name, String(item));
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function addCookies(list: [string, string][], cookies: unknown): string | undefined {
  if (cookies === undefined || cookies === null) return undefined;
  if (!Array.isArray(cookies)) return 'its cookies must be a list of strings';
  for (const cookie of cookies) {
    if (typeof cookie !== 'string') return 'its cookies must be a list of strings';
    const fault = add(list, 'set-cookie', cookie);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function add(list: [string, string][], name: string, value: string): string | undefined {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    return `its header ${JSON.stringify(name)} has characters that a header must not have`;
  }
  list.push([name, value]);
  return undefined;
}
