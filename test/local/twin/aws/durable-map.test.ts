import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DurableMap } from '../../../../local/twin/aws/durable-map.ts';

describe('DurableMap', () => {
  it('finds again what was set, changed and deleted', () => {
    const database = new DatabaseSync(':memory:');
    const first = new DurableMap<{ count: number }>(database, 'test_things');
    const kept = { count: 1 };
    first.set('kept', kept);
    first.set('gone', { count: 1 });
    first.flush();
    kept.count = 2;
    first.changed('kept');
    first.delete('gone');
    first.flush();
    const second = new DurableMap<{ count: number }>(database, 'test_things');
    expect([second.size, second.get('kept'), second.has('gone')]).toEqual([1, { count: 2 }, false]);
  });

  it('writes by itself at the end of the turn', async () => {
    const database = new DatabaseSync(':memory:');
    const map = new DurableMap<number>(database, 'test_things');
    map.set('a', 1);
    map.set('b', 2);
    const rows = () => database.prepare('SELECT key FROM test_things').all().length;
    expect(rows()).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(rows()).toBe(2);
  });

  it('writes nothing after the database was closed', async () => {
    const database = new DatabaseSync(':memory:');
    const map = new DurableMap<number>(database, 'test_things');
    map.set('a', 1);
    database.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(map.get('a')).toBe(1);
  });

  it('is a plain map without a database', () => {
    const map = new DurableMap<number>(undefined, 'test_things');
    map.set('a', 1);
    map.flush();
    expect([...map.values()]).toEqual([1]);
  });
});
