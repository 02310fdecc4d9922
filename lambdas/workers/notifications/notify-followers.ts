import type { FollowsTable } from '../../adapters/follows-table.ts';
import { mapConcurrently } from '../../adapters/map-concurrently.ts';
import { NOTIFICATIONS_BATCH_MAX, type NotificationsWriter } from '../../adapters/notifications-writer.ts';
import type { FeedUpdated } from '../../contract/events/feed-updated.ts';
import type { Notification } from '../../contract/notifications.ts';

export interface NotifyFollowersDependencies {
  readonly follows: Pick<FollowsTable, 'followersOf'>;
  readonly notifications: NotificationsWriter;
}

/** Authors whose followers are told at a time, and writes of each; with a query each, together below the SDK's 50 sockets. */
export const AUTHORS_IN_FLIGHT = 9;
const WRITES_IN_FLIGHT = 4;
/** Events of one author that are told of together; they fail together as well. */
export const MAX_TOGETHER = 25;

/**
 * Writes a notification of each event for every follower of their author. Called again for the same events, it writes the
 * same items, so any failure is answered by calling it again. Rejects with the signal's reason once that is aborted.
 *
 * One event must fit into three quarters of an invocation: a retry starts with the first follower again. At some 10 ms a
 * write of 25 and 4 in flight that is about 10,000 followers per second; beyond it the event ends as a dead letter.
 * @param events no two of them the same. Those of one author cost one reading of their followers.
 */
export async function notifyFollowers(
  dependencies: NotifyFollowersDependencies,
  events: readonly FeedUpdated[],
  signal: AbortSignal,
): Promise<void> {
  for (const [authorId, own] of Map.groupBy(events, ({ data }) => data.authorId)) {
    await notifyFollowersOf(dependencies, authorId, own.map(toNotification), signal);
  }
}

async function notifyFollowersOf(
  { follows, notifications }: NotifyFollowersDependencies,
  authorId: string,
  notified: readonly Notification[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  for await (const followerIds of follows.followersOf(authorId, signal)) {
    const addressed = followerIds.flatMap((recipientId) => {
      return notified.map((notification) => ({ recipientId, notification }));
    });
    await mapConcurrently(batchesOf(addressed), WRITES_IN_FLIGHT, async (batch) => {
      signal.throwIfAborted();
      await notifications.putAll(batch, signal);
    });
  }
}

function toNotification({ id, type, time, data: { authorId, postId } }: FeedUpdated): Notification {
  // ISO 8601 has many spellings of one instant; keys sort by time only in one of them.
  return { id, type, authorId, postId, createdAt: new Date(time).toISOString() };
}

function batchesOf<T>(items: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += NOTIFICATIONS_BATCH_MAX) {
    batches.push(items.slice(at, at + NOTIFICATIONS_BATCH_MAX));
  }
  return batches;
}
