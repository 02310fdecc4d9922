import type { Input } from '../aws-call.ts';
import { badRequest } from './api-gateway-error.ts';
import { optionalMember } from './members.ts';

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 500;

/**
 * One page of a list, `limit` long and from `position` on, which is the id of the page's first item: what is added or
 * removed meanwhile repeats nothing and hides nothing.
 */
export function pageOf<T extends { readonly id: string }>(
  sorted: readonly T[],
  input: Input,
  describe: (item: T) => unknown,
): Record<string, unknown> {
  const limit = Number(input.limit ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1)
    throw badRequest(`limit must be a whole number of at least 1, got ${limit}`);
  const position = optionalMember(input, 'position') ?? '';
  const rest = sorted.filter(({ id }) => id >= position);
  const page = rest.slice(0, Math.min(limit, LIMIT_MAX));
  const next = rest[page.length];
  return { item: page.map(describe), ...(next && { position: next.id }) };
}
