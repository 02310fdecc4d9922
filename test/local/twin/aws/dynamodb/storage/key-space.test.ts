import { describe, expect, it } from 'vitest';
import { KeySpace } from '../../../../../../local/twin/aws/dynamodb/storage/key-space.ts';

function filled(): KeySpace<{ readonly key: string; readonly partition: string }> {
  const space = new KeySpace<{ readonly key: string; readonly partition: string }>();
  for (let partition = 0; partition < 500; partition += 1) {
    for (const key of ['a', 'b', 'c']) space.set(`p${partition}`, { key, partition: `p${partition}` });
  }
  return space;
}

describe('a key space', () => {
  it('scans everything once, in segments of any number', () => {
    const space = filled();
    for (const segments of [1, 2, 7, 5000]) {
      const found = Array.from({ length: segments }, (_, segment) => [...space.scan(segment, segments)]).flat();
      expect(new Set(found.map(({ partition, key }) => partition + key)).size).toBe(1500);
      expect(found).toHaveLength(1500);
    }
  });

  it('goes on after any entry, also when that entry is gone', () => {
    const space = filled();
    const all = [...space.scan()];
    for (const at of [0, 1, 2, 700, 1499]) {
      const entry = all[at];
      const after = { partition: entry?.partition ?? '', sort: entry?.key ?? '' };
      space.delete(after.partition, after.sort);
      expect([...space.scan(0, 1, after)]).toEqual(all.slice(at + 1));
      if (entry) space.set(after.partition, entry);
    }
  });

  it('spreads similar keys over all segments', () => {
    const sizes = Array.from({ length: 4 }, (_, segment) => [...filled().scan(segment, 4)].length);
    for (const size of sizes) expect(size).toBeGreaterThan(250);
  });
});
