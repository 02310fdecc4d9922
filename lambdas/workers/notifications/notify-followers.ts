import type { FollowsTable } from '../../adapters/follows-table.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import type { NotificationsTable } from '../../adapters/notifications-table.ts';
import type { FeedUpdated } from '../../contract/events/feed-updated.ts';
import type { Notification } from '../../contract/notifications.ts';

export interface NotifyFollowersDependencies {
  readonly follows: Pick<FollowsTable, 'followersOf'>;
  readonly notifications: Pick<NotificationsTable, 'putOnce'>;
}

/** Half of the SDK's 50 sockets per client, so that no write queues for a socket. */
const MAX_WRITES_IN_FLIGHT = 25;

/**
 * Writes one notification for every follower of the author. Called again for the same event, it writes only what is
 * missing, so any failure is answered by calling it again. Rejects with the signal's reason once that is aborted.
 *
 * One event must fit into one invocation: a retry starts with the first follower again. At some 5 ms a write and 25 in
 * flight that is about 5,000 followers per second of the worker's time-out; beyond it the event ends as a dead letter.
 */
export async function notifyFollowers(
  { follows, notifications }: NotifyFollowersDependencies,
  event: FeedUpdated,
  signal: AbortSignal,
): Promise<void> {
  const notification: Notification = {
    id: event.id,
    type: event.type,
    authorId: event.data.authorId,
    postId: event.data.postId,
    // ISO 8601 has many spellings of one instant; keys sort by time only in one of them.
    createdAt: new Date(event.time).toISOString(),
  };
  signal.throwIfAborted();
  for await (const followerIds of follows.followersOf(event.data.authorId, signal)) {
    await mapConcurrently(followerIds, MAX_WRITES_IN_FLIGHT, async (followerId) => {
      signal.throwIfAborted();
      await notifications.putOnce(followerId, notification, signal);
    });
  }
}
