import { describe, expect, it } from 'vitest';
import { type CountOptions, countEvents } from '../../../local/replay/count-events.ts';

const TYPES = ['FeedUpdated', 'PostViewed', 'FeedUpdated', 'PostViewed', 'FeedUpdated'];

async function* eventsOf(types: readonly string[]) {
  for (const type of types) yield { type };
}

function count(options: Partial<CountOptions> = {}) {
  const signal = new AbortController().signal;
  return countEvents({ events: eventsOf(TYPES), signal, onProgress: () => {}, ...options });
}

describe('countEvents', () => {
  it('counts by type', async () => {
    const byType = new Map([
      ['FeedUpdated', 3],
      ['PostViewed', 2],
    ]);
    expect(await count()).toEqual({ total: 5, byType, isInterrupted: false });
  });

  it('leaves out other types', async () => {
    const byType = new Map([['PostViewed', 2]]);
    expect(await count({ types: new Set(['PostViewed']) })).toEqual({ total: 2, byType, isInterrupted: false });
  });

  it('ends where it is interrupted, and says so', async () => {
    const controller = new AbortController();
    const onProgress = (total: number) => {
      if (total === 2) controller.abort();
    };
    expect(await count({ signal: controller.signal, onProgress })).toMatchObject({ total: 2, isInterrupted: true });
  });
});
