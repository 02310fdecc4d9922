import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FATES, FailingRelayWorld, type Fate } from '../../../support/failing-relay-world.ts';
import { eventRecord, insertRecord, workRecord } from '../../../support/outbox-records.ts';

const AGGREGATES = ['ann', 'bob'];

/** An entry of the outbox: an event of an aggregate, work of a group, or what nobody can read. */
const anyKind = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('event' as const, 'work' as const) },
  { weight: 1, arbitrary: fc.constant('unreadable' as const) },
);
const anyEntries = fc.array(fc.record({ kind: anyKind, of: fc.constantFrom(...AGGREGATES) }), {
  minLength: 6,
  maxLength: 24,
});
/** Most calls succeed, or no run would end. */
const anyFates = fc.infiniteStream(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Fate>('taken') },
    { weight: 2, arbitrary: fc.constant<Fate>('some-refused') },
    { weight: 4, arbitrary: fc.constantFrom(...FATES) },
  ),
);

const byNumber = (a: string, b: string) => Number(a) - Number(b);
const firstOccurrences = (bodies: readonly string[]) => [...new Set(bodies)];

describe('the relay of the outbox', () => {
  it('keeps the order of each aggregate and loses nothing, wherever it dies, whatever fails and cannot be read', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyEntries,
        fc.integer({ min: 4, max: 12 }),
        anyFates,
        fc.infiniteStream(fc.nat(1_000)),
        async (entries, maxBatch, fates, choices) => {
          const world = new FailingRelayWorld(fates, choices);
          const records = entries.map(({ kind, of }, index) => {
            if (kind === 'unreadable') return insertRecord(index, of, { kind: { S: 'letter' } });
            return kind === 'work'
              ? workRecord(index, 'video', `job-${index}`, of)
              : eventRecord(index, of, `${of} ${index}`);
          });
          // Ends behind the last record, so that none has held up those behind it for good.
          await world.deliver(records, maxBatch);
          expect([...world.bucket.values()].toSorted(byNumber)).toEqual(
            entries.flatMap(({ kind }, index) => (kind === 'unreadable' ? [String(index)] : [])),
          );
          for (const aggregate of AGGREGATES) {
            const own = world.stream.filter((body) => body.startsWith(aggregate));
            expect(firstOccurrences(own)).toEqual(
              entries.flatMap(({ kind, of }, index) =>
                kind === 'event' && of === aggregate ? [`${of} ${index}`] : [],
              ),
            );
            const work = world.queue.filter(({ group }) => group === aggregate).map(({ body }) => JSON.parse(body).id);
            expect(firstOccurrences(work)).toEqual(
              entries.flatMap(({ kind, of }, index) => (kind === 'work' && of === aggregate ? [`job-${index}`] : [])),
            );
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
