import { type JsonPath, parseJsonPath, readJsonPath } from '../http-api/json-path.ts';

/** Finds the route key of a message; undefined where the message does not say. */
export type SelectRouteKey = (message: string) => string | undefined;

const WHOLE = /^\$request\.body\.(.+)$/;
const EMBEDDED = /\$\{request\.body\.([^}]+)\}/g;

/**
 * Compiles a route selection expression: `$request.body.action`, or several in one text, `${request.body.a}/${request.body.b}`.
 * A message that is no JSON object, or lacks a value, selects nothing and goes to `$default` (developer guide, "Route
 * selection expressions"). Throws RangeError for what is no such expression.
 */
export function routeSelection(expression: string): SelectRouteKey {
  const whole = WHOLE.exec(expression)?.[1];
  const parts: (string | JsonPath)[] = [];
  if (whole !== undefined) parts.push(parseJsonPath(whole));
  else {
    let end = 0;
    for (const match of expression.matchAll(EMBEDDED)) {
      parts.push(expression.slice(end, match.index), parseJsonPath(match[1] ?? ''));
      end = match.index + match[0].length;
    }
    parts.push(expression.slice(end));
    if (parts.length === 1) {
      throw new RangeError(
        `a route selection expression reads the message, such as $request.body.action, got '${expression}'`,
      );
    }
  }
  return (message) => {
    let json: unknown;
    try {
      json = JSON.parse(message);
    } catch {
      return undefined;
    }
    let key = '';
    for (const part of parts) {
      const value = typeof part === 'string' ? part : readJsonPath(json, part);
      if (typeof value === 'object' || value === undefined) return undefined;
      key += String(value);
    }
    return key;
  };
}
