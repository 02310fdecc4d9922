import { contextVariable } from './context-variables.ts';
import type { HttpExchange } from './http-exchange.ts';

/** Renders one line of an access log. */
export type RenderLine = (exchange: HttpExchange) => string;

/** A claim's or an authorizer's own name may have a hyphen or a colon; elsewhere they end the variable. */
const VARIABLE = /\$(?:\{context\.([\w.:-]+)\}|context\.((?:authorizer(?:\.claims)?\.[\w:-]*\w)|\w+(?:\.\w+)*))/g;

/** Compiles the format of a stage's access log. A variable without a value is `-`; in JSON, values are escaped. */
export function compileAccessLine(format: string): RenderLine {
  const isJson = format.trimStart().startsWith('{');
  const parts: RenderLine[] = [];
  let end = 0;
  for (const match of format.matchAll(VARIABLE)) {
    const literal = format.slice(end, match.index);
    if (literal !== '') parts.push(() => literal);
    const read = contextVariable(match[1] ?? match[2] ?? '');
    parts.push((exchange) => {
      const value = read(exchange) ?? '-';
      return isJson && typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
    });
    end = match.index + match[0].length;
  }
  const rest = format.slice(end);
  return (exchange) => {
    let line = '';
    for (const part of parts) line += part(exchange);
    return line + rest;
  };
}
