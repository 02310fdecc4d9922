import { describe, expect, it } from 'vitest';
import { readBatch } from '../../../../lambdas/middleware/workers/read-batch.ts';
import { feedUpdated, kinesisRecord } from '../../../support/worker-events.ts';

const read = (...records: ReturnType<typeof kinesisRecord>[]) => readBatch(['FeedUpdated'], records);

describe('readBatch', () => {
  it('reads events with where they come from, and leaves out types that were not asked for', () => {
    const other = { ...feedUpdated('e2'), type: 'AccountClosed' };
    expect(
      read(kinesisRecord(1, feedUpdated('e1')), kinesisRecord(2, other), kinesisRecord(3, feedUpdated('e3'))),
    ).toEqual([
      { sequenceNumbers: ['1'], partitionKey: 'ann', content: { event: feedUpdated('e1') } },
      { sequenceNumbers: ['3'], partitionKey: 'ann', content: { event: feedUpdated('e3') } },
    ]);
  });

  it('has an event that is there several times once, at its first place, with all of its records', () => {
    const entries = read(...['e1', 'e2', 'e1', 'e1'].map((id, at) => kinesisRecord(at, feedUpdated(id))));
    expect(entries.map(({ sequenceNumbers }) => sequenceNumbers)).toEqual([['0', '2', '3'], ['1']]);
  });

  it('keeps each record that nobody can read for itself', () => {
    const entries = read(kinesisRecord(1, '{'), kinesisRecord(2, '{'));
    expect(entries).toMatchObject([
      { sequenceNumbers: ['1'], content: { error: expect.any(Error) } },
      { sequenceNumbers: ['2'], content: { error: expect.any(Error) } },
    ]);
  });
});
