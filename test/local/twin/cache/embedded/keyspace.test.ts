import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../../../../local/twin/cache/embedded/keyspace.ts';

describe('Keyspace', () => {
  it('drops a collection that is empty after a change', () => {
    const store = new Keyspace();
    store.getOrCreate('set', 'set');
    store.changed('set');
    expect(store.has('set')).toBe(false);
  });

  it('keeps an empty string', () => {
    const store = new Keyspace();
    store.setString('a', '');
    expect(store.get('a', 'string')).toBe('');
  });

  it('sweeps out what has expired without anybody asking for it', () => {
    const store = new Keyspace();
    store.setString('short', '1', 10);
    store.setString('long', '1', 20);
    store.nowMs = 15;
    store.sweep();
    expect(store.keys()).toEqual(['long']);
  });

  it('tells watchers of changes, deletions, expiry and clearing, and nobody after unwatch', () => {
    const changes: ((store: Keyspace) => void)[] = [
      (store) => store.setString('a', '2'),
      (store) => store.delete('a'),
      (store) => store.clear(),
      (store) => {
        store.nowMs = 11;
        store.sweep();
      },
    ];
    for (const change of changes) {
      const store = new Keyspace();
      const [watcher, former] = [{ isStale: false }, { isStale: false }];
      store.setString('a', '1', 10);
      store.watch('a', watcher);
      store.watch('a', former);
      store.unwatch(former);
      store.setString('b', '1');
      expect(watcher.isStale).toBe(false);
      change(store);
      expect([watcher.isStale, former.isStale]).toEqual([true, false]);
    }
  });

  it('fails on a value of another type', () => {
    const store = new Keyspace();
    store.setString('a', '1');
    expect(() => store.get('a', 'hash')).toThrow('WRONGTYPE Operation against a key holding the wrong kind of value');
  });
});
