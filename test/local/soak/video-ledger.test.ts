import { describe, expect, it } from 'vitest';
import { type SentVideo, type VideoBooks, videoBreaches } from '../../../local/soak/video-ledger.ts';

function sent(title: string, change: Partial<SentVideo> = {}): SentVideo {
  return { title, upload: 'sound', fate: 'accepted', ids: [`id-${title}`], cancelled: undefined, ...change };
}
const stored = (title: string, status: string) => ({ videoId: `id-${title}`, title, status });

const books: VideoBooks = {
  sentVideos: [
    sent('sound'),
    sent('broken', { upload: 'broken' }),
    sent('missing', { upload: 'missing' }),
    sent('cancelled', { cancelled: 'accepted' }),
    sent('gone', { cancelled: 'accepted' }),
    sent('perhaps', { cancelled: 'unknown' }),
    sent('lost', { fate: 'unknown', ids: [] }),
  ],
  storedVideos: [
    stored('sound', 'ready'),
    stored('broken', 'failed'),
    stored('missing', 'failed'),
    stored('cancelled', 'cancelled'),
    stored('perhaps', 'ready'),
  ],
  processed: ['id-sound', 'id-broken', 'id-missing', 'id-gone', 'id-perhaps'],
  filesOf: new Map([
    ['id-sound', 3],
    ['id-perhaps', 3],
  ]),
  setAsideWork: new Set(),
};
const storedBut = (title: string, status: string) => [
  ...books.storedVideos.filter((each) => each.title !== title),
  stored(title, status),
];

describe('videoBreaches', () => {
  it('finds none where every accepted video came to its one end', () => {
    expect(videoBreaches(books)).toEqual([]);
  });

  it.each<[string, Partial<VideoBooks>, string]>([
    ['a lost video', { storedVideos: books.storedVideos.slice(1) }, "video 'sound' was accepted and is stored 0 times"],
    [
      'a doubled video',
      { storedVideos: [...books.storedVideos, { videoId: 'id-2', title: 'sound', status: 'ready' }] },
      "video 'sound' was accepted and is stored 2 times",
    ],
    [
      'two ids under one key',
      { sentVideos: [sent('sound', { ids: ['id-sound', 'id-other'] })] },
      "video 'sound' was answered as id-sound and id-other",
    ],
    [
      'a video that never ended',
      { storedVideos: storedBut('sound', 'processing') },
      "video 'sound' (id-sound) is processing; its upload was sound",
    ],
    [
      'a sound one that failed',
      { storedVideos: storedBut('sound', 'failed') },
      "video 'sound' (id-sound) is failed; its upload was sound",
    ],
    [
      'a broken one that is ready',
      { storedVideos: storedBut('broken', 'ready') },
      "video 'broken' (id-broken) is ready; its upload was broken",
    ],
    [
      'one that nobody cancelled',
      { storedVideos: storedBut('missing', 'cancelled') },
      "video 'missing' (id-missing) is cancelled; its upload was missing",
    ],
    [
      'one that is ready although it was cancelled',
      { storedVideos: storedBut('cancelled', 'ready') },
      "video 'cancelled' (id-cancelled) is ready; its upload was sound, to cancel it was accepted",
    ],
    [
      'a removal that never ended',
      { storedVideos: storedBut('gone', 'removing') },
      "video 'gone' (id-gone) is removing; its upload was sound, to cancel it was accepted",
    ],
    [
      'an end that nobody was told of',
      { processed: books.processed.slice(1) },
      "video 'sound' (id-sound) is ready and was told of 0 times",
    ],
    [
      'an end that was told of twice',
      { processed: [...books.processed, 'id-gone'] },
      "video 'gone' (id-gone) is gone and was told of 2 times",
    ],
    [
      'a cancelled one that was told of',
      { processed: [...books.processed, 'id-cancelled'] },
      "video 'cancelled' (id-cancelled) is cancelled and was told of 1 times",
    ],
    [
      'files that were left',
      { filesOf: new Map([...books.filesOf, ['id-gone', 1]]) },
      "video 'gone' (id-gone) is gone and left 1 files",
    ],
    ['files that are missing', { filesOf: new Map() }, "video 'sound' (id-sound) is ready and has no file"],
  ])('finds %s', (_, change, sentence) => {
    expect(videoBreaches({ ...books, ...change })).toContain(sentence);
  });

  it('takes work that is among the dead letters for an end', () => {
    const change = { storedVideos: storedBut('sound', 'failed'), setAsideWork: new Set(['id-sound']) };
    expect(videoBreaches({ ...books, ...change })).toEqual([]);
    const removal = { storedVideos: storedBut('gone', 'removing'), setAsideWork: new Set(['id-gone:remove']) };
    expect(videoBreaches({ ...books, ...removal })).toEqual([]);
  });
});
