import { decodePercent } from '../model/percent-decoding.ts';

/** Decoded query parameters: the last value of each, and all of them. */
export interface QueryParameters {
  readonly single: Readonly<Record<string, string>>;
  readonly multi: Readonly<Record<string, readonly string[]>>;
}

const NONE: QueryParameters = { single: {}, multi: {} };

/**
 * Reads a query string as API Gateway does: `+` is a space, `;` separates like `&`, and of several values the last is
 * the single one. Undefined where percent-encoding is broken. The maps have no prototype: names come from the caller.
 */
export function parseQueryString(text: string): QueryParameters | undefined {
  if (text === '') return NONE;
  const single: Record<string, string> = Object.create(null);
  const multi: Record<string, string[]> = Object.create(null);
  for (const pair of text.replaceAll(';', '&').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    single[name] = value;
    const values = multi[name];
    if (values === undefined) multi[name] = [value];
    else values.push(value);
  }
  return { single, multi };
}

function decode(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}
