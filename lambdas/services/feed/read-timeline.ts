import type { FollowsTable } from '../../adapters/follows-table.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import type { PostsTable } from '../../adapters/posts-table.ts';
import type { Post } from '../../contract/feed.ts';
import { mergeNewest } from './merge-newest.ts';

export interface ReadTimelineDependencies {
  readonly follows: Pick<FollowsTable, 'followeesOf'>;
  readonly posts: Pick<PostsTable, 'newestOf'>;
}

/** Half of the SDK's 50 sockets per client: enough to hide the round trips, and no request queues for a socket. */
const MAX_QUERIES_IN_FLIGHT = 25;

/**
 * The caller's own posts and those of everyone they follow, newest first, at most `maxItems`, with ids below `before`.
 * Merged when it is read (docs/adr/0006): every author is asked for at most `maxItems` posts, since all of the page may
 * be theirs. Order and position are those of the post id alone, which is unique and sorts by time, so that posts of one
 * millisecond are neither skipped nor repeated between pages.
 */
export async function readTimeline(
  { follows, posts }: ReadTimelineDependencies,
  { callerId, before, maxItems }: { callerId: string; before: string | undefined; maxItems: number },
): Promise<Post[]> {
  const authorIds = new Set([callerId, ...(await follows.followeesOf(callerId))]);
  const lists = await mapConcurrently([...authorIds], MAX_QUERIES_IN_FLIGHT, (authorId) =>
    // People look for what they posted just now; what others posted may lag by a moment, at half the price.
    posts.newestOf(authorId, { before, maxItems, consistent: authorId === callerId }),
  );
  return mergeNewest(lists, maxItems);
}
