import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPageCursors } from '../../../lambdas/adapters/page-cursor.ts';

const cursors = createPageCursors(async () => 'secret');
const scope = { sub: 'ann', route: 'GET /api/feed' };

describe('page cursors', () => {
  it('open to the position that was signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 80, unit: 'binary-ascii' }), async (position) => {
        expect(await cursors.open(scope, await cursors.sign(scope, position))).toBe(position);
      }),
    );
  });

  it.each([
    ['another caller', { ...scope, sub: 'bob' }],
    ['another route', { ...scope, route: 'GET /api/notifications' }],
    ['a caller and route that read the same when joined', { sub: 'ann', route: 'GET /api/fee' }],
  ])('are good for nothing for %s', async (_case, other) => {
    expect(await cursors.open(other, await cursors.sign(scope, 'position'))).toBeUndefined();
  });

  it('are good for nothing under another secret', async () => {
    const other = createPageCursors(async () => 'another secret');
    expect(await other.open(scope, await cursors.sign(scope, 'position'))).toBeUndefined();
  });

  it('are good for nothing with any one character changed', async () => {
    const cursor = await cursors.sign(scope, '01ARZ3NDEKTSV4RRFFQ69G5FAV');
    for (let at = 0; at < cursor.length - 1; at += 1) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(await cursors.open(scope, changed)).toBeUndefined();
    }
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(64), 'A'.repeat(513), `${'A'.repeat(60)}=`, `${'A'.repeat(60)}é`])(
    'are not made of %j',
    async (text) => {
      expect(await cursors.open(scope, text)).toBeUndefined();
    },
  );
});
