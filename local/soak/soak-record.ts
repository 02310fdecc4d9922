import type { SentView } from './event-ledger.ts';
import type { FollowState, SentPost } from './post-ledger.ts';
import type { SentVideo } from './video-ledger.ts';

/** What actors write down. */
export interface SoakRecord {
  readonly posts: SentPost[];
  readonly videos: SentVideo[];
  readonly views: SentView[];
  /** `follower followee` → the last state that the follower asked for. */
  readonly follows: Map<string, FollowState>;
  /** Posts that there are, for others to look at. */
  readonly postIds: string[];
  /** Status → answers; 0 where none came. */
  readonly statuses: Map<number, number>;
}

export function emptyRecord(): SoakRecord {
  return { posts: [], videos: [], views: [], follows: new Map(), postIds: [], statuses: new Map() };
}

/** Whether something was accepted of all that is sent. */
export function hasOfEach({ posts, videos, views }: SoakRecord): boolean {
  return [posts, videos, views].every((sent) => sent.some(({ fate }) => fate === 'accepted'));
}
