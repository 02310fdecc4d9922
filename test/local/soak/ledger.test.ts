import { describe, expect, it } from 'vitest';
import { type Books, breaches } from '../../../local/soak/ledger.ts';

const empty: Books = {
  ...{
    sentPosts: [],
    storedPosts: [],
    notifications: [],
    followersOf: new Map(),
    follows: [],
    storedFollows: new Set(),
  },
  ...{ sentVideos: [], storedVideos: [], processed: [], filesOf: new Map(), setAsideWork: new Set() },
  ...{ accepted: [], published: new Set(), counted: new Set(), sentViews: [] },
  ...{ countsByDay: new Map(), countsByMinute: new Map(), viewsByDay: new Map() },
  ...{ poisonMessages: [], poisonRecords: [], consumers: [], letters: [], failedRecords: [], unnamedObjects: [] },
  leftIn: new Map(),
};

describe('breaches', () => {
  it('finds that empty books say nothing', () => {
    const words = (name: string) => `no ${name} was accepted, so that nothing can be said of any`;
    expect(breaches(empty)).toEqual(['post', 'video', 'view'].map(words));
  });

  it('tells of posts, videos, events and dead letters alike', () => {
    const found = breaches({
      ...empty,
      sentPosts: [{ text: 'a', authorId: 'ada', fate: 'accepted', ids: [] }],
      sentVideos: [{ title: 'b', upload: 'sound', fate: 'accepted', ids: [], cancelled: undefined }],
      sentViews: [{ postId: 'p', fate: 'accepted', workId: 'w' }],
      counted: new Set(['c']),
      leftIn: new Map([['d', 1]]),
    });
    expect(found).toEqual([
      "post 'a' was accepted and is stored 0 times",
      "video 'b' was accepted and is stored 0 times",
      'event c was counted and never accepted',
      'view w of post p was accepted and is lost',
      '1 messages are left in d',
    ]);
  });
});
