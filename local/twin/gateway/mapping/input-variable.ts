import type { Exchange } from '../exchange.ts';
import { readJsonPath } from './json-path.ts';
import { printValue } from './print-value.ts';

type Values = Readonly<Record<string, string>>;

/**
 * `$input`: the payload and the request's parameters. A path that finds nothing is the empty string, as in API Gateway,
 * and so is JSON in a payload that has none.
 */
export function inputVariable(exchange: Exchange, body: string): Record<string, unknown> {
  let parsed: { readonly json: unknown } | undefined;
  const json = () => {
    parsed ??= { json: parse(body) };
    return parsed.json;
  };
  const path = (expression: unknown) => readJsonPath(json(), String(expression)) ?? '';
  return {
    body,
    path,
    json: (expression: unknown) => JSON.stringify(path(expression)),
    params: (name: unknown) => (name === undefined ? allParams(exchange) : param(exchange, printValue(name))),
  };
}

function parse(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** A parameter of any kind: of the path, of the query string, of a header, in this order. */
function param({ pathParameters, request }: Exchange, name: string): string {
  return (
    own(pathParameters, name) ??
    own(request.query?.single, name) ??
    request.headers.byLowerName.get(name.toLowerCase()) ??
    ''
  );
}

function allParams({ pathParameters, request }: Exchange): Record<string, unknown> {
  return {
    path: parameterMap(pathParameters),
    querystring: parameterMap(request.query?.single),
    header: parameterMap(request.headers.single),
  };
}

/**
 * A copy with a prototype: templates may change it, and the maps of a request have none. What it does not have is the
 * empty string to `get`, which the CDK's own templates for CORS rely on.
 */
function parameterMap(values: Values = {}): Record<string, unknown> {
  const map: Record<string, unknown> = Object.fromEntries(Object.entries(values));
  if (!Object.hasOwn(map, 'get')) {
    const get = (name: unknown) => (Object.hasOwn(map, String(name)) ? map[String(name)] : '');
    Object.defineProperty(map, 'get', { value: get, enumerable: false });
  }
  return map;
}

function own(values: Values | undefined, name: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
