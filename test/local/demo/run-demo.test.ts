import { describe, expect, it } from 'vitest';
import { outcomeTable } from '../../../local/demo/run-demo.ts';

describe('outcomeTable', () => {
  it('groups by status and reason and gives the first explanation', () => {
    const outcome = { latencyMs: 2, headers: {} };
    const table = outcomeTable([
      { ...outcome, status: 429, reason: 'urn:limited', detail: 'wait a second' },
      { ...outcome, status: 200 },
      { ...outcome, status: 200, latencyMs: 4 },
    ]);
    expect(table.split('\n').slice(2)).toEqual([
      '   200  admitted         2       4',
      '   429  refused          1       2  wait a second',
    ]);
  });
});
