import type { SQSRecordAttributes } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { receiveCount } from '../../../../lambdas/middleware/workers/receive-count.ts';

describe('receiveCount', () => {
  it.each([
    ['1', 1],
    ['17', 17],
    ['0', 1],
    ['', 1],
    ['many', 1],
    [undefined, 1],
  ])('of %j is %d', (ApproximateReceiveCount, count) => {
    expect(receiveCount({ attributes: { ApproximateReceiveCount } as SQSRecordAttributes })).toBe(count);
  });
});
