import { describe, expect, it } from 'vitest';
import { failureKey } from '../../../../../local/twin/functions/event-sources/failure-key.ts';

describe('failureKey', () => {
  const place = { mappingId: 'm-1', shardId: 'shardId-000000000007', nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };

  it('names mapping, shard, day and second, and is unique', () => {
    const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const key = failureKey(place);
    expect(key).toMatch(new RegExp(`^aws/lambda/m-1/shardId-000000000007/2026/01/02/2026-01-02T03\\.04\\.05-${uuid}$`));
    expect(failureKey(place)).not.toBe(key);
  });
});
