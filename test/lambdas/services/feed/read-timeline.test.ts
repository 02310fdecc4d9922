import fc from 'fast-check';
import { encodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { readTimeline } from '../../../../lambdas/services/feed/read-timeline.ts';
import { MemoryFollows, MemoryPosts } from '../../../support/memory-tables.ts';

const authors = ['me', 'ann', 'bob', 'cyd', 'stranger'] as const;

/** Few times and many posts, so that most share their millisecond with others. */
const somePosts = fc
  .uniqueArray(fc.record({ time: fc.nat(3), random: fc.nat(5_000), author: fc.constantFrom(...authors) }), {
    selector: ({ time, random }) => `${time} ${random}`,
    maxLength: 60,
  })
  .map((drafts) =>
    drafts.map(({ time, random, author }) => ({
      id: encodeTime(time, 10) + String(random).padStart(16, '0'),
      authorId: author,
      text: 'text',
      createdAt: new Date(time).toISOString(),
    })),
  );

describe('readTimeline', () => {
  it('shows every post of the caller and of those followed exactly once over all pages, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(somePosts, fc.integer({ min: 1, max: 7 }), async (drafts, maxItems) => {
        const follows = new MemoryFollows();
        follows.add('me', 'ann', 'bob', 'cyd');
        const posts = new MemoryPosts();
        posts.items.push(...drafts);
        const seen: string[] = [];
        let before: string | undefined;
        do {
          const page = await readTimeline({ follows, posts }, { callerId: 'me', before, maxItems });
          seen.push(...page.map(({ id }) => id));
          before = page.length < maxItems ? undefined : page.at(-1)?.id;
        } while (before !== undefined);
        const expected = drafts.filter(({ authorId }) => authorId !== 'stranger').map(({ id }) => id);
        expect(seen).toEqual(expected.sort().reverse());
      }),
    );
  });

  it('asks each author once, for no more than the page, and consistently only for what the caller wrote', async () => {
    const follows = new MemoryFollows();
    // Following oneself is refused, but an item written by hand must not show one's posts twice.
    follows.add('me', 'ann', 'me');
    const posts = new MemoryPosts();
    await readTimeline({ follows, posts }, { callerId: 'me', before: 'x', maxItems: 21 });
    expect(posts.queries).toEqual([
      { authorId: 'me', before: 'x', maxItems: 21, consistent: true },
      { authorId: 'ann', before: 'x', maxItems: 21, consistent: false },
    ]);
  });
});
