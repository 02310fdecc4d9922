import { describe, expect, it } from 'vitest';
import { PRIORITIES } from '../../../../lambdas/contract/priority.ts';
import {
  LOWEST_POSITION,
  priorityFloor,
  priorityPosition,
} from '../../../../lambdas/resilience/load/priority-position.ts';

const LARGEST_HASH = 1 - 2 ** -53;

describe('priorityPosition', () => {
  it.each(PRIORITIES.map((priority, index) => [priority, 25 * index, 25 * index + 25] as const))(
    'keeps %s above %d and at most at %d',
    (priority, start, end) => {
      expect(priorityPosition(priority, 0)).toBe(end);
      expect(priorityPosition(priority, 0.5)).toBe((start + end) / 2);
      expect(priorityPosition(priority, LARGEST_HASH)).toBeGreaterThan(start - 1e-9);
    },
  );

  it.each([-0.001, 1, Number.NaN, Number.POSITIVE_INFINITY])('fails for a hash of %s', (hash) => {
    expect(() => priorityPosition('critical', hash)).toThrow(
      new RangeError(`hash must be at least 0 and below 1, got ${hash}; divide the hash by the number of its values`),
    );
  });
});

describe('priorityFloor', () => {
  it('cuts exactly below the priority', () => {
    expect(PRIORITIES.map(priorityFloor)).toEqual([25, 50, 75, LOWEST_POSITION]);
    expect(priorityPosition('critical', 0)).toBeLessThanOrEqual(priorityFloor('critical'));
    expect(priorityPosition('sheddable-plus', 0.999_999)).toBeGreaterThan(priorityFloor('critical'));
  });
});
