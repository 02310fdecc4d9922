import type { Clock } from '../../adapters/clock.ts';
import type { FollowsTable } from '../../adapters/follows-table.ts';
import { FOLLOWS_MAX } from '../../contract/feed.ts';
import { ServiceError } from '../../errors/service-error.ts';

export interface FollowDependencies {
  readonly follows: Pick<FollowsTable, 'put' | 'followeesOf'>;
  readonly clock: Clock;
}

/**
 * Follows somebody; again changes nothing. Rejects with 400 `cannot-follow-yourself`, and 409 `too-many-follows` beyond
 * FOLLOWS_MAX.
 *
 * The bound is exact for requests one after the other. Concurrent ones of one follower may each see the last free place
 * and pass it by their number, which is at most the tier's burst per user: a timeline is then merged from a few authors
 * more. An exact count would cost a counter and a transaction on every follow.
 */
export async function follow(
  { follows, clock }: FollowDependencies,
  { followerId, followeeId }: { followerId: string; followeeId: string },
): Promise<void> {
  if (followerId === followeeId) {
    throw new ServiceError('cannot-follow-yourself', 'userId: expected the id of somebody else, got your own', {
      statusCode: 400,
    });
  }
  const followees = await follows.followeesOf(followerId);
  if (followees.includes(followeeId)) return;
  if (followees.length >= FOLLOWS_MAX) {
    const message = `you follow ${followees.length} people, and ${FOLLOWS_MAX} is the most; unfollow somebody first`;
    throw new ServiceError('too-many-follows', message, { statusCode: 409 });
  }
  await follows.put({ followerId, followeeId, createdAt: new Date(clock.now()).toISOString() });
}
