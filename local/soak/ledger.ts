/**
 * What became of a request, as its sender knows: `accepted` (2xx) has to have its effect exactly once; `refused` (4xx) none; `unknown` (5xx,
 * or no answer) may have had it or not, but not twice.
 */
export type Fate = 'accepted' | 'refused' | 'unknown';

export function fateOf(status: number): Fate {
  if (status >= 200 && status < 300) return 'accepted';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** A post that was sent. Its text is its own, so that it can be found again without an id. */
export interface SentPost {
  readonly text: string;
  readonly authorId: string;
  readonly fate: Fate;
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

/** What was asked for and what there is. */
export interface Books {
  readonly sent: readonly SentPost[];
  readonly stored: readonly StoredPost[];
  readonly notifications: readonly StoredNotification[];
  /** Author → those who followed all the time. */
  readonly followersOf: ReadonlyMap<string, readonly string[]>;
  readonly follows: readonly FollowState[];
  /** `follower followee` of every row in the table. */
  readonly storedFollows: ReadonlySet<string>;
}

/** Every breach of "exactly once", a sentence each; none is what is wanted. */
export function breaches(books: Books): string[] {
  const found: string[] = [];
  const postsByText = Map.groupBy(books.stored, ({ text }) => text);
  const notified = Map.groupBy(books.notifications, ({ postId }) => postId);
  for (const { text, authorId, fate } of books.sent) {
    const stored = postsByText.get(text) ?? [];
    const wanted = { accepted: [1], refused: [0], unknown: [0, 1] }[fate];
    if (!wanted.includes(stored.length)) found.push(`post '${text}' was ${fate} and is stored ${stored.length} times`);
    for (const { postId } of stored) {
      const recipients = Map.groupBy(notified.get(postId) ?? [], ({ recipientId }) => recipientId);
      for (const follower of books.followersOf.get(authorId) ?? []) {
        const times = recipients.get(follower)?.length ?? 0;
        const isRight = fate === 'accepted' ? times === 1 : times <= 1;
        if (!isRight) found.push(`post '${text}' was ${fate} and ${follower} was notified of it ${times} times`);
      }
    }
  }
  for (const { followerId, followeeId, isFollowing, fate } of books.follows) {
    const isStored = books.storedFollows.has(`${followerId} ${followeeId}`);
    if (fate !== 'unknown' && isStored !== isFollowing) {
      const state = (following: boolean): string => (following ? 'follows' : 'does not follow');
      found.push(`${followerId} ${state(isFollowing)} ${followeeId}, and the table says that it ${state(isStored)}`);
    }
  }
  return found;
}
