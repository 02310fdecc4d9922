import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FATES, FailingRelayWorld, type Fate } from '../../../support/failing-relay-world.ts';
import { eventRecord, workRecord } from '../../../support/outbox-records.ts';

const AGGREGATES = ['ann', 'bob'];

/** An entry of the outbox: an event of an aggregate, or work of a group. */
const anyEntries = fc.array(fc.record({ isWork: fc.boolean(), of: fc.constantFrom(...AGGREGATES) }), {
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

const firstOccurrences = (bodies: readonly string[]) => [...new Set(bodies)];

describe('the relay of the outbox', () => {
  it('keeps the order of each aggregate and loses nothing, wherever it dies and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyEntries,
        fc.integer({ min: 4, max: 12 }),
        anyFates,
        fc.infiniteStream(fc.nat(1_000)),
        async (entries, maxBatch, fates, choices) => {
          const world = new FailingRelayWorld(fates, choices);
          const records = entries.map(({ isWork, of }, index) =>
            isWork ? workRecord(index, 'video', `job-${index}`, of) : eventRecord(index, of, `${of} ${index}`),
          );
          await world.deliver(records, maxBatch);
          for (const aggregate of AGGREGATES) {
            const own = world.stream.filter((body) => body.startsWith(aggregate));
            expect(firstOccurrences(own)).toEqual(
              entries.flatMap(({ isWork, of }, index) => (!isWork && of === aggregate ? [`${of} ${index}`] : [])),
            );
            const work = world.queue.filter(({ group }) => group === aggregate).map(({ body }) => JSON.parse(body).id);
            expect(firstOccurrences(work)).toEqual(
              entries.flatMap(({ isWork, of }, index) => (isWork && of === aggregate ? [`job-${index}`] : [])),
            );
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
