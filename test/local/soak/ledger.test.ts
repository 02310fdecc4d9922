import { describe, expect, it } from 'vitest';
import { type Books, breaches, fateOf } from '../../../local/soak/ledger.ts';

const books: Books = {
  sent: [
    { text: 'a', authorId: 'ada', fate: 'accepted' },
    { text: 'r', authorId: 'ada', fate: 'refused' },
    { text: 'u', authorId: 'ada', fate: 'unknown' },
  ],
  stored: [
    { postId: '1', text: 'a' },
    { postId: '2', text: 'u' },
  ],
  notifications: [
    { recipientId: 'bob', postId: '1' },
    { recipientId: 'cy', postId: '1' },
    { recipientId: 'bob', postId: '2' },
  ],
  followersOf: new Map([['ada', ['bob', 'cy']]]),
  follows: [{ followerId: 'bob', followeeId: 'dee', isFollowing: true, fate: 'accepted' }],
  storedFollows: new Set(['bob dee']),
};

describe('fateOf', () => {
  it.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [400, 'refused'],
    [429, 'refused'],
    [500, 'unknown'],
    [504, 'unknown'],
    [0, 'unknown'],
  ] as const)('takes %i for %s', (status, fate) => expect(fateOf(status)).toBe(fate));
});

describe('breaches', () => {
  it('finds none where every accepted post has its effect once', () => {
    expect(breaches(books)).toEqual([]);
  });

  it.each<[string, Partial<Books>, string]>([
    ['a lost post', { stored: [] }, "post 'a' was accepted and is stored 0 times"],
    [
      'a doubled post',
      { stored: [...books.stored, { postId: '3', text: 'u' }] },
      "post 'u' was unknown and is stored 2 times",
    ],
    [
      'a post that was refused',
      { stored: [...books.stored, { postId: '3', text: 'r' }] },
      "post 'r' was refused and is stored 1 times",
    ],
    [
      'a lost notification',
      { notifications: books.notifications.slice(1) },
      "post 'a' was accepted and bob was notified of it 0 times",
    ],
    [
      'a doubled notification, also of an unknown post',
      { notifications: [...books.notifications, { recipientId: 'bob', postId: '2' }] },
      "post 'u' was unknown and bob was notified of it 2 times",
    ],
    ['a lost follow', { storedFollows: new Set() }, 'bob follows dee, and the table says that it does not follow'],
  ])('finds %s', (_, change, sentence) => {
    expect(breaches({ ...books, ...change })).toContain(sentence);
  });

  it('says nothing about a follow of unknown fate', () => {
    const follows = [{ followerId: 'bob', followeeId: 'x', isFollowing: true, fate: 'unknown' as const }];
    expect(breaches({ ...books, follows })).toEqual([]);
  });
});
