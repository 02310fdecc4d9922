import type { CursorScope, PageCursors } from '../adapters/page-cursor.ts';
import { PageQuery } from '../contract/page-query.ts';
import { ServiceError } from '../errors/service-error.ts';
import { parseOrReject } from './parse.ts';

/** Which page a caller asks for. */
export interface PageRequest {
  readonly limit: number;
  /** Position of the last item of the page before; undefined for the first page. */
  readonly before: string | undefined;
}

/** Reads `?limit=&cursor=`. Rejects with 400 `invalid-request` or `invalid-cursor`. */
export async function readPageRequest(
  cursors: PageCursors,
  scope: CursorScope,
  query: Readonly<Record<string, string>>,
): Promise<PageRequest> {
  const { limit, cursor } = parseOrReject(PageQuery, query);
  if (cursor === undefined) return { limit, before: undefined };
  const before = await cursors.open(scope, cursor);
  if (before === undefined) {
    const message = `cursor: expected the nextCursor of an earlier page of ${scope.route}, of the same caller`;
    throw new ServiceError('invalid-cursor', message, { statusCode: 400 });
  }
  return { limit, before };
}

/**
 * A page of at most `limit` items. `candidates` holds one more if there is one: that is how the last page is known to be
 * the last without asking again.
 */
export async function toPage<T>(
  cursors: PageCursors,
  scope: CursorScope,
  candidates: readonly T[],
  { limit, positionOf }: { limit: number; positionOf: (item: T) => string },
): Promise<{ items: T[]; nextCursor?: string }> {
  const items = candidates.slice(0, limit);
  const last = items.at(-1);
  if (candidates.length <= limit || last === undefined) return { items };
  return { items, nextCursor: await cursors.sign(scope, positionOf(last)) };
}
