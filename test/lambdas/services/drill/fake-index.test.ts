import { describe, expect, it } from 'vitest';
import { createFakeIndex } from '../../../../lambdas/services/drill/fake-index.ts';

const { signal } = new AbortController();

function indexWith(latencyMs: number, failureRatio: number, draw = 0.5) {
  const waited: [number, AbortSignal | undefined][] = [];
  const ask = createFakeIndex({
    setting: async () => ({ latencyMs, failureRatio }),
    wait: async (ms, aborted) => {
      waited.push([ms, aborted]);
    },
    random: () => draw,
  });
  return { ask, waited };
}

describe('createFakeIndex', () => {
  it('is as slow as it was set to be, and hears of whoever gives up', async () => {
    const { ask, waited } = indexWith(70, 0);
    expect(await ask(signal)).toContain('spillway');
    expect(waited).toEqual([[70, signal]]);
  });

  it('fails as often as it was set to', async () => {
    await expect(indexWith(0, 0.5, 0.499).ask(signal)).rejects.toThrow('the index answered 500');
    expect(await indexWith(0, 0.5, 0.5).ask(signal)).toHaveLength(3);
    await expect(indexWith(0, 1, 0.999).ask(signal)).rejects.toThrow();
  });
});
