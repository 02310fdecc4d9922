import { decodePercent } from '../gateway/model/percent-decoding.ts';

/** Decoded query parameters by name, every value in order. */
export type QueryParameters = Readonly<Record<string, readonly string[]>>;

/**
 * Reads a query string. Undefined where percent-encoding is broken. The map has no prototype: names come from the caller.
 */
export function parseQueryParameters(text: string): QueryParameters | undefined {
  const values: Record<string, string[]> = Object.create(null);
  if (text === '') return values;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    const known = values[name];
    if (known === undefined) values[name] = [value];
    else known.push(value);
  }
  return values;
}

function decode(text: string): string | undefined {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** One string per name, several values joined by commas, as payload format 2.0 has them; undefined where there are none. */
export function joinedParameters(query: QueryParameters): Record<string, string> | undefined {
  let joined: Record<string, string> | undefined;
  for (const name in query) {
    joined ??= Object.create(null) as Record<string, string>;
    joined[name] = query[name]?.join(',') ?? '';
  }
  return joined;
}
