import { describe, expect, test } from 'vitest';
import { commonLogTime } from '../../../../local/twin/gateway/common-log-time.ts';

describe('commonLogTime', () => {
  test('writes the second in UTC, and the next one anew', () => {
    const ms = Date.UTC(2026, 10, 22, 0, 46, 12);
    expect([ms, ms + 999, ms + 1_000, ms].map(commonLogTime)).toEqual([
      '22/Nov/2026:00:46:12 +0000',
      '22/Nov/2026:00:46:12 +0000',
      '22/Nov/2026:00:46:13 +0000',
      '22/Nov/2026:00:46:12 +0000',
    ]);
  });
});
