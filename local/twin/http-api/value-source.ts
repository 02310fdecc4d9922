import { contextVariable } from './context-variables.ts';
import type { HttpExchange } from './http-exchange.ts';
import { type JsonPath, parseJsonPath, readJsonPath } from './json-path.ts';

/** Reads a value off a request; undefined where it is missing. */
export type ValueSource = (exchange: HttpExchange) => string | undefined;

/** A JSON path sees this much of the body (developer guide, "Mapping request parameters"). */
export const JSON_BODY_MAX_BYTES = 100 * 1_024;

const EMBEDDED = /\$\{((?:request|context|stageVariables)\.?[^}]*)\}/g;

/**
 * Compiles an expression of a parameter mapping or an identity source: `$request.header.name`, `$request.querystring.name`,
 * `$request.path.name`, `$request.body`, `$request.body.json.path`, `$context.name`, `$stageVariables.name`, text with such
 * expressions in `${…}`, or text alone. Throws RangeError for what is none of them.
 */
export function valueSource(expression: string): ValueSource {
  if (/^\$(request|context|stageVariables)\b/.test(expression)) return variable(expression.slice(1));
  const parts: ValueSource[] = [];
  let end = 0;
  for (const match of expression.matchAll(EMBEDDED)) {
    const literal = expression.slice(end, match.index);
    if (literal !== '') parts.push(() => literal);
    parts.push(variable(match[1] ?? ''));
    end = match.index + match[0].length;
  }
  const rest = expression.slice(end);
  if (parts.length === 0) return () => rest;
  return (exchange) => {
    let text = '';
    for (const part of parts) {
      const value = part(exchange);
      if (value === undefined) return undefined;
      text += value;
    }
    return text + rest;
  };
}

function variable(name: string): ValueSource {
  const [root = '', kind = ''] = name.split('.', 2);
  const key = name.slice(root.length + kind.length + 2);
  if (root === 'context') {
    const read = contextVariable(name.slice('context.'.length));
    return (exchange) => {
      const value = read(exchange);
      return value === undefined ? undefined : String(value);
    };
  }
  if (root === 'stageVariables') return ({ stage }) => own(stage.variables, kind);
  switch (kind) {
    case 'header': {
      const lower = key.toLowerCase();
      return ({ request }) => request.headers[lower];
    }
    case 'querystring':
      return ({ query }) => query[key]?.join(',');
    case 'path':
      return key === '' ? ({ path }) => path : ({ pathParameters }) => own(pathParameters, key);
    case 'body':
      return key === '' ? ({ body }) => body.toString() : bodyValue(parseJsonPath(key));
    default:
      throw new RangeError(
        `$request has header, querystring, path and body, got '$${name}'; write $request.header.<name> or one of the others`,
      );
  }
}

function bodyValue(path: JsonPath): ValueSource {
  return ({ body }) => {
    let json: unknown;
    try {
      json = JSON.parse(body.toString('utf8', 0, JSON_BODY_MAX_BYTES));
    } catch {
      return undefined;
    }
    const value = readJsonPath(json, path);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
}

function own(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
