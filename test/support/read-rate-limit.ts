import { parseList } from 'structured-headers';

/** One policy of an answer, out of `RateLimit-Policy` and `RateLimit` (IETF httpapi draft 10). */
export interface ToldLimit {
  readonly quota: number;
  readonly windowSeconds: number;
  /** Absent where a refusal was about other policies. */
  readonly remaining?: number;
  readonly resetSeconds?: number;
}

/**
 * The limits of an answer by name.
 * @throws Error where a field is no list of Strings with Integers, or tells of a policy that the other one lacks
 */
export function readRateLimit(headers: Headers): ReadonlyMap<string, ToldLimit> {
  const told = new Map<string, ToldLimit>();
  for (const [name, { q, w }] of itemsOf(headers, 'ratelimit-policy')) {
    told.set(name, { quota: integer(q), windowSeconds: integer(w) });
  }
  for (const [name, { r, t }] of itemsOf(headers, 'ratelimit')) {
    const policy = told.get(name);
    if (policy === undefined) throw new Error(`RateLimit tells of '${name}', which RateLimit-Policy does not`);
    told.set(name, { ...policy, remaining: integer(r), resetSeconds: integer(t) });
  }
  return told;
}

function itemsOf(headers: Headers, field: string): [string, Record<string, unknown>][] {
  return parseList(headers.get(field) ?? '').map(([name, parameters]) => {
    if (typeof name !== 'string') throw new Error(`${field} has an item that is no String: ${headers.get(field)}`);
    return [name, Object.fromEntries(parameters as Map<string, unknown>)];
  });
}

function integer(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Error(`expected an Integer of at least 0, got ${String(value)}`);
  if ((value as number) < 0) throw new Error(`expected an Integer of at least 0, got ${String(value)}`);
  return value as number;
}
