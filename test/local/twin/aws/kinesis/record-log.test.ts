import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptRecord, RecordLog } from '../../../../../local/twin/aws/kinesis/record-log.ts';

const record = (ordinal: number, arrivalMs = ordinal): KeptRecord => new KeptRecord(ordinal, 0, 'a', 'AA==', arrivalMs);

describe('RecordLog', () => {
  it('does what an array does, whatever is added, trimmed and read', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ kind: fc.constant('trim' as const), count: fc.integer({ min: 0, max: 900 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(50), (steps, limit) => {
        const log = new RecordLog();
        let model: number[] = [];
        let next = 1;
        for (const { kind, count } of steps) {
          if (kind === 'push') {
            for (let index = 0; index < count; index += 1, next += 1) {
              log.push(record(next));
              model.push(next);
            }
          } else {
            const oldestMs = (model[0] ?? next) + count;
            log.trim(oldestMs);
            model = model.filter((ordinal) => ordinal >= oldestMs);
          }
          const middle = model[Math.floor(model.length / 2)] ?? 0;
          expect(log.length).toBe(model.length);
          expect(log.oldest?.ordinal).toBe(model[0]);
          expect(log.newest?.ordinal).toBe(model.at(-1));
          expect(log.after(middle, limit).map(({ ordinal }) => ordinal)).toEqual(
            model.filter((ordinal) => ordinal > middle).slice(0, limit),
          );
          expect(log.countAfter(middle)).toBe(model.filter((ordinal) => ordinal > middle).length);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('says which record came last before a moment', () => {
    const log = new RecordLog();
    for (const [ordinal, atMs] of [
      [1, 10],
      [2, 20],
      [3, 20],
    ] as const)
      log.push(record(ordinal, atMs));
    expect([10, 11, 20, 21].map((atMs) => log.ordinalBefore(atMs))).toEqual([0, 1, 1, 3]);
  });
});
