import type { Exchange } from '../exchange.ts';
import { variable } from './context-template.ts';

/** Reads one value of a request; undefined where the request has none. */
export type ParameterSource = (exchange: Exchange) => string | undefined;

/**
 * Compiles a mapping expression: `'literal'`, `method.request.header.X`, `method.request.querystring.x`,
 * `method.request.path.x`, `context.x` or `stageVariables.x`. Undefined for anything else.
 */
export function parameterSource(expression: string): ParameterSource | undefined {
  if (expression.length >= 2 && expression.startsWith("'") && expression.endsWith("'")) {
    const literal = expression.slice(1, -1);
    return () => literal;
  }
  if (/^(context|stageVariables)\../.test(expression)) {
    const read = variable(expression);
    return (exchange) => {
      const value = read(exchange) ?? undefined;
      return value === undefined ? undefined : String(value);
    };
  }
  const match = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(expression);
  const name = match?.[2];
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  switch (match?.[1]) {
    case 'header':
      return ({ request }) => request.headers.byLowerName.get(lower);
    case 'querystring':
      return ({ request }) => request.query?.single[name];
    default:
      return ({ pathParameters }) =>
        pathParameters && Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined;
  }
}
