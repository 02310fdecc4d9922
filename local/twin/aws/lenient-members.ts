import type { Input } from './aws-call.ts';

// Members as the older services read them: what is no text is made one, and what is no list or map counts as none.

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  return value === undefined || value === null ? undefined : String(value);
}

/** The elements as they came. */
export function list<T>(input: Input, member: string): readonly T[] {
  const value = input[member];
  return Array.isArray(value) ? (value as readonly T[]) : [];
}

/** What the query protocol writes for an empty map is none. */
export function textMap(input: Input, member: string): Readonly<Record<string, string>> {
  const value = input[member];
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
