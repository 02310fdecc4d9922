import type { FollowsTable } from '../../adapters/follows-table.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import { NOTIFICATIONS_BATCH_MAX, type NotificationsWriter } from '../../adapters/notifications-writer.ts';
import type { FeedUpdated } from '../../contract/events/feed-updated.ts';
import type { Notification } from '../../contract/notifications.ts';

export interface NotifyFollowersDependencies {
  readonly follows: Pick<FollowsTable, 'followersOf'>;
  readonly notifications: NotificationsWriter;
}

/** Events of one batch that are worked on at a time, and writes of one event; with a query each, together below the SDK's 50 sockets. */
export const EVENTS_IN_FLIGHT = 9;
const WRITES_IN_FLIGHT = 4;

/**
 * Writes one notification for every follower of the author. Called again for the same event, it writes the same items, so
 * any failure is answered by calling it again. Rejects with the signal's reason once that is aborted.
 *
 * One event must fit into three quarters of an invocation: a retry starts with the first follower again. At some 10 ms a
 * write of 25 and 4 in flight that is about 10,000 followers per second; beyond it the event ends as a dead letter.
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
    await mapConcurrently(batchesOf(followerIds), WRITES_IN_FLIGHT, async (recipientIds) => {
      signal.throwIfAborted();
      await notifications.putForAll(recipientIds, notification, signal);
    });
  }
}

function batchesOf(ids: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let at = 0; at < ids.length; at += NOTIFICATIONS_BATCH_MAX)
    batches.push(ids.slice(at, at + NOTIFICATIONS_BATCH_MAX));
  return batches;
}
