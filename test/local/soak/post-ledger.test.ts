import { describe, expect, it } from 'vitest';
import { type PostBooks, postBreaches } from '../../../local/soak/post-ledger.ts';

const books: PostBooks = {
  sentPosts: [
    { text: 'a', authorId: 'ada', fate: 'accepted', ids: ['1', '1'] },
    { text: 'r', authorId: 'ada', fate: 'refused', ids: [] },
    { text: 'u', authorId: 'ada', fate: 'unknown', ids: [] },
    { text: 'v', authorId: 'ada', fate: 'unknown', ids: [] },
  ],
  storedPosts: [
    { postId: '1', text: 'a' },
    { postId: '2', text: 'u' },
  ],
  notifications: ['bob', 'cy'].flatMap((recipientId) => ['1', '2'].map((postId) => ({ recipientId, postId }))),
  followersOf: new Map([['ada', ['bob', 'cy']]]),
  follows: [{ followerId: 'bob', followeeId: 'dee', isFollowing: true, fate: 'accepted' }],
  storedFollows: new Set(['bob dee']),
};

describe('postBreaches', () => {
  it('finds none where every accepted post has its effect once', () => {
    expect(postBreaches(books)).toEqual([]);
  });

  it.each<[string, Partial<PostBooks>, string]>([
    ['a lost post', { storedPosts: books.storedPosts.slice(1) }, "post 'a' was accepted and is stored 0 times"],
    [
      'a doubled post',
      { storedPosts: [...books.storedPosts, { postId: '3', text: 'u' }] },
      "post 'u' was unknown and is stored 2 times",
    ],
    [
      'a post that was refused',
      { storedPosts: [...books.storedPosts, { postId: '3', text: 'r' }] },
      "post 'r' was refused and is stored 1 times",
    ],
    [
      'an answer of another id',
      { sentPosts: [{ text: 'a', authorId: 'ada', fate: 'accepted', ids: ['1', '9'] }] },
      "post 'a' was answered as 9, which is not stored",
    ],
    [
      'a lost notification',
      { notifications: books.notifications.slice(1) },
      "post 'a' was accepted and bob was notified of it 0 times",
    ],
    [
      'a lost notification of a post whose sender does not know',
      { notifications: books.notifications.slice(0, 3) },
      "post 'u' was unknown and cy was notified of it 0 times",
    ],
    [
      'a doubled notification',
      { notifications: [...books.notifications, { recipientId: 'bob', postId: '2' }] },
      "post 'u' was unknown and bob was notified of it 2 times",
    ],
    [
      'a notification of nothing',
      { notifications: [...books.notifications, { recipientId: 'bob', postId: '9' }] },
      'bob was notified of post 9, which is not there',
    ],
    ['a lost follow', { storedFollows: new Set() }, 'bob follows dee, and the table says that it does not follow'],
    [
      'a follow that was ended',
      { follows: [{ followerId: 'bob', followeeId: 'dee', isFollowing: false, fate: 'accepted' }] },
      'bob does not follow dee, and the table says that it follows',
    ],
  ])('finds %s', (_, change, sentence) => {
    expect(postBreaches({ ...books, ...change })).toContain(sentence);
  });

  it('says nothing about a follow of unknown fate', () => {
    const follows = [{ followerId: 'bob', followeeId: 'x', isFollowing: true, fate: 'unknown' as const }];
    expect(postBreaches({ ...books, follows })).toEqual([]);
  });
});
