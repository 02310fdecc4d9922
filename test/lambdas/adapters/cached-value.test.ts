import { describe, expect, it } from 'vitest';
import { createCachedValue } from '../../../lambdas/adapters/cached-value.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function setUp() {
  const clock = new ManualClock();
  const store = { reads: 0, broken: false };
  const read = async () => {
    store.reads += 1;
    if (store.broken) throw new Error('store is down');
    return `value ${store.reads}`;
  };
  return { clock, store, get: createCachedValue(read, clock, { refreshAfterMs: 100, expireAfterMs: 300 }) };
}

describe('cached value', () => {
  it('is read once until it is due for a refresh, and anew from then on', async () => {
    const { clock, get } = setUp();
    expect(await get()).toBe('value 1');
    clock.advance(99);
    expect(await get()).toBe('value 1');
    clock.advance(1);
    expect(await get()).toBe('value 2');
  });

  it('goes on while a refresh fails, up to its expiry and not beyond', async () => {
    const { clock, store, get } = setUp();
    await get();
    store.broken = true;
    clock.advance(299);
    expect(await get()).toBe('value 1');
    clock.advance(1);
    await expect(get()).rejects.toThrow('store is down');
  });

  it('does not keep a failure', async () => {
    const { store, get } = setUp();
    store.broken = true;
    await expect(get()).rejects.toThrow('store is down');
    store.broken = false;
    expect(await get()).toBe('value 2');
  });
});
