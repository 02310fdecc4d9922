import { type Fate, TIMES } from './fate.ts';

/** A post that was sent. Its text is its own, so that it can be found again without an id. */
export interface SentPost {
  readonly text: string;
  readonly authorId: string;
  readonly fate: Fate;
  /** Ids that were answered; one, however often it was sent. */
  readonly ids: readonly string[];
}

/** A post as the table has it. */
export interface StoredPost {
  readonly postId: string;
  readonly text: string;
}

/** A notification as the table has it. */
export interface StoredNotification {
  readonly recipientId: string;
  readonly postId: string;
}

/** Whether one person follows another at the end, as far as the follower knows: the last request decides. */
export interface FollowState {
  readonly followerId: string;
  readonly followeeId: string;
  readonly isFollowing: boolean;
  readonly fate: Fate;
}

export interface PostBooks {
  readonly sentPosts: readonly SentPost[];
  readonly storedPosts: readonly StoredPost[];
  readonly notifications: readonly StoredNotification[];
  /** Author → those who followed all the time. */
  readonly followersOf: ReadonlyMap<string, readonly string[]>;
  readonly follows: readonly FollowState[];
  /** `follower followee` of every row in the table. */
  readonly storedFollows: ReadonlySet<string>;
}

/** Posts that are missing, or there twice, and notifications of them; and follows that are not as they were asked for. */
export function postBreaches(books: PostBooks): string[] {
  const found: string[] = [];
  const postsByText = Map.groupBy(books.storedPosts, ({ text }) => text);
  const notified = Map.groupBy(books.notifications, ({ postId }) => postId);
  for (const { text, authorId, fate, ids } of books.sentPosts) {
    const stored = postsByText.get(text) ?? [];
    if (!TIMES[fate].includes(stored.length)) {
      found.push(`post '${text}' was ${fate} and is stored ${stored.length} times`);
    }
    const wrong = new Set(ids.filter((id) => !stored.some(({ postId }) => postId === id)));
    for (const id of wrong) found.push(`post '${text}' was answered as ${id}, which is not stored`);
    for (const { postId } of stored) {
      const recipients = Map.groupBy(notified.get(postId) ?? [], ({ recipientId }) => recipientId);
      for (const follower of books.followersOf.get(authorId) ?? []) {
        const times = recipients.get(follower)?.length ?? 0;
        // Whoever stored it also told of it, whether or not its sender knows.
        if (times !== 1) found.push(`post '${text}' was ${fate} and ${follower} was notified of it ${times} times`);
      }
    }
  }
  const known = new Set(books.storedPosts.map(({ postId }) => postId));
  for (const { recipientId, postId } of books.notifications) {
    if (!known.has(postId)) found.push(`${recipientId} was notified of post ${postId}, which is not there`);
  }
  return [...found, ...followBreaches(books)];
}

function followBreaches({ follows, storedFollows }: PostBooks): string[] {
  return follows.flatMap(({ followerId, followeeId, isFollowing, fate }) => {
    const isStored = storedFollows.has(`${followerId} ${followeeId}`);
    if (fate === 'unknown' || isStored === isFollowing) return [];
    const state = (following: boolean): string => (following ? 'follows' : 'does not follow');
    return [`${followerId} ${state(isFollowing)} ${followeeId}, and the table says that it ${state(isStored)}`];
  });
}
