import { inspect } from 'node:util';

/** A value as messages show it, on one line: text in quotes, so that `'4'` is not taken for 4. */
export function quote(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 });
}
