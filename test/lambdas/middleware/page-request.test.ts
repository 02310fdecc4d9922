import { describe, expect, it } from 'vitest';
import { createPageCursors } from '../../../lambdas/adapters/page-cursor.ts';
import { readPageRequest, toPage } from '../../../lambdas/middleware/page-request.ts';

const cursors = createPageCursors(async () => 'secret');
const scope = { sub: 'ann', route: 'GET /api/feed' };

describe('readPageRequest', () => {
  it('takes 20 items of the first page where nothing is said', async () => {
    expect(await readPageRequest(cursors, scope, {})).toEqual({ limit: 20, before: undefined });
  });

  it.each(['1', '100'])('accepts limit=%s', async (limit) => {
    expect((await readPageRequest(cursors, scope, { limit })).limit).toBe(Number(limit));
  });

  it.each(['0', '101', '-1', '1.5', '1e2', ' 5', '', 'many', '99999999999'])('fails for limit=%j', async (limit) => {
    await expect(readPageRequest(cursors, scope, { limit })).rejects.toMatchObject({
      code: 'invalid-request',
      statusCode: 400,
      message: `limit: expected a whole number from 1 to 100, got "${limit}"`,
    });
  });

  it('goes on after the position of a cursor', async () => {
    const cursor = await cursors.sign(scope, 'position');
    expect(await readPageRequest(cursors, scope, { cursor })).toEqual({ limit: 20, before: 'position' });
  });

  it('fails for a cursor that was not signed for this caller and route', async () => {
    const cursor = await cursors.sign({ ...scope, sub: 'bob' }, 'position');
    for (const wrong of [cursor, 'forged', '']) {
      await expect(readPageRequest(cursors, scope, { cursor: wrong })).rejects.toMatchObject({
        code: 'invalid-cursor',
        statusCode: 400,
        message: 'cursor: expected the nextCursor of an earlier page of GET /api/feed, of the same caller',
      });
    }
  });
});

describe('toPage', () => {
  const page = (candidates: string[]) => toPage(cursors, scope, candidates, { limit: 2, positionOf: (item) => item });

  it('has no cursor when there is no candidate too many', async () => {
    expect(await page([])).toEqual({ items: [] });
    expect(await page(['b', 'a'])).toEqual({ items: ['b', 'a'] });
  });

  it('has a cursor to its own last item when there is one candidate too many', async () => {
    const { items, nextCursor = '' } = await page(['c', 'b', 'a']);
    expect(items).toEqual(['c', 'b']);
    expect(await cursors.open(scope, nextCursor)).toBe('b');
  });
});
