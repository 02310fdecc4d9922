import { describe, expect, it } from 'vitest';
import { emptyRecord, hasOfEach } from '../../../local/soak/soak-record.ts';

describe('hasOfEach', () => {
  it('wants a post, a view and a video that were accepted', () => {
    const record = emptyRecord();
    record.posts.push({ text: 'a', authorId: 'ada', fate: 'accepted', ids: ['1'] });
    record.views.push({ postId: '1', fate: 'accepted', workId: 'w' });
    record.videos.push({ title: 'b', upload: 'sound', fate: 'unknown', ids: [], cancelled: undefined });
    expect(hasOfEach(record)).toBe(false);
    record.videos.push({ title: 'c', upload: 'sound', fate: 'accepted', ids: ['2'], cancelled: undefined });
    expect(hasOfEach(record)).toBe(true);
  });
});
