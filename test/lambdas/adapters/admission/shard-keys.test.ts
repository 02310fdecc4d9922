import { describe, expect, it } from 'vitest';
import { SubjectNames, serviceKey, shardOf } from '../../../../lambdas/adapters/admission/shard-keys.ts';

describe('shardOf', () => {
  it('always says the same of a caller, and spreads callers evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let caller = 0; caller < 4_000; caller++) {
      const shard = shardOf(`user:${caller}`, 4);
      expect(shardOf(`user:${caller}`, 4)).toBe(shard);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });

  it('has all callers in the only shard', () => {
    expect(shardOf('user:ada', 1)).toBe(0);
  });
});

describe('serviceKey', () => {
  it('is under the tag of its shard', () => {
    expect(serviceKey(3, 'feed')).toBe('{3}s:feed');
  });
});

describe('SubjectNames', () => {
  it('gives each subject a name of 16 characters that does not tell who it is', () => {
    const names = new SubjectNames();
    expect(names.nameOf('user:ada')).toMatch(/^[\w-]{16}$/);
    expect(names.nameOf('user:ada')).toBe(new SubjectNames().nameOf('user:ada'));
    expect(names.nameOf('user:bob')).not.toBe(names.nameOf('user:ada'));
  });

  it('gives the same names when it had to forget them', () => {
    const names = new SubjectNames();
    const before = names.nameOf('user:0');
    for (let user = 1; user <= 10_001; user++) names.nameOf(`user:${user}`);
    expect(names.nameOf('user:0')).toBe(before);
  });
});
