import { describe, expect, it } from 'vitest';
import { FOLLOWS_MAX } from '../../../../lambdas/contract/feed.ts';
import { follow } from '../../../../lambdas/services/feed/follow.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryFollows } from '../../../support/memory-tables.ts';

function setUp(following: number) {
  const follows = new MemoryFollows();
  follows.add('me', ...Array.from({ length: following }, (_, index) => `user-${index}`));
  return { follows, clock: new ManualClock() };
}

describe('follow', () => {
  it('follows somebody, and again changes nothing', async () => {
    const service = setUp(0);
    for (let time = 0; time < 2; time += 1) await follow(service, { followerId: 'me', followeeId: 'ann' });
    expect(await service.follows.followeesOf('me')).toEqual(['ann']);
  });

  it('takes the last free place', async () => {
    const service = setUp(FOLLOWS_MAX - 1);
    await follow(service, { followerId: 'me', followeeId: 'ann' });
    expect(await service.follows.followeesOf('me')).toHaveLength(FOLLOWS_MAX);
  });

  it('fails for one too many, but not for somebody who is followed already', async () => {
    const service = setUp(FOLLOWS_MAX);
    await expect(follow(service, { followerId: 'me', followeeId: 'ann' })).rejects.toMatchObject({
      code: 'too-many-follows',
      statusCode: 409,
      message: 'you follow 200 people, and 200 is the most; unfollow somebody first',
    });
    await follow(service, { followerId: 'me', followeeId: 'user-0' });
    expect(await service.follows.followeesOf('me')).toHaveLength(FOLLOWS_MAX);
  });

  it('fails for oneself', async () => {
    await expect(follow(setUp(0), { followerId: 'me', followeeId: 'me' })).rejects.toMatchObject({
      code: 'cannot-follow-yourself',
      statusCode: 400,
      message: 'userId: expected the id of somebody else, got your own',
    });
  });
});
