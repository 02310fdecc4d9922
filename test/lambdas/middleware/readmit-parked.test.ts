import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isParkedBatch } from '../../../lambdas/middleware/readmit-parked.ts';
import { readParked } from '../../../lambdas/services/parked/read-parked.ts';
import { CHECKOUT, type Fault, ParkingWorld } from '../../support/parking-world.ts';
import { proxyEvent } from '../../support/proxy-event.ts';

describe('readmitParked', () => {
  it('takes up the most important requests of a batch first', async () => {
    const world = new ParkingWorld();
    for (const priority of ['sheddable', 'critical-plus', 'sheddable-plus'] as const) {
      await world.park({ requestId: priority }, { ...CHECKOUT, priority });
    }
    const order: string[] = [];
    world.admits = (event) => {
      order.push(event.requestContext.requestId);
      return undefined;
    };
    await world.deliver(world.messages);
    expect(order).toEqual(['critical-plus', 'sheddable-plus', 'sheddable']);
  });

  it('names those that come back, and no others', async () => {
    const world = new ParkingWorld();
    await world.park({ requestId: 'served' });
    await world.park({ requestId: 'shed' });
    world.admits = (event) => (event.requestContext.requestId === 'shed' ? 503 : undefined);
    const outcome = await world.deliver(world.messages);
    expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }] });
  });

  it('gives back at once what it has no time for, but always takes up the first', async () => {
    const world = new ParkingWorld();
    await world.park();
    await world.park();
    await world.deliver(world.messages, world.context(1_199));
    expect([world.runs, world.delays]).toEqual([1, [0]]);
    await world.park();
    await world.deliver(world.messages, world.context(1_200));
    expect(world.runs).toBe(3);
  });

  it('lets a message that nobody can read become a dead letter, and serves the others', async () => {
    const world = new ParkingWorld();
    await world.park();
    world.messages.unshift({ id: 'odd', body: '{"version":2}', visibleAtMs: 0, receives: 0 });
    expect(await world.deliver(world.messages)).toEqual({ batchItemFailures: [{ itemIdentifier: 'odd' }] });
    expect([world.runs, world.delays]).toEqual([1, [5]]);
  });

  it('reports a message that could not be given back all the same: it comes when its visibility timeout ends', async () => {
    const world = new ParkingWorld();
    await world.park();
    world.admits = () => 503;
    world.faults = (name) => (name === 'giveBack' ? 'fail' : undefined);
    expect(await world.deliver(world.messages)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  });

  it('tells batches of the queue from requests', () => {
    expect(isParkedBatch({ Records: [{ eventSource: 'aws:sqs' }] })).toBe(true);
    expect(isParkedBatch({ Records: [{ eventSource: 'aws:kinesis' }] })).toBe(false);
    expect(isParkedBatch({ Records: [] })).toBe(false);
    expect(isParkedBatch(proxyEvent({ resource: '/' }))).toBe(false);
  });

  const operations = ['create', 'send', 'withdraw', 'find', 'admit', 'claim', 'effect', 'finish', 'expire', 'giveBack'];
  const mishap = fc.record({
    operation: fc.constantFrom(...operations),
    /** At which occurrence. */
    occurrence: fc.integer({ min: 1, max: 6 }),
    fault: fc.constantFrom<Fault>('fail', 'fail-after', 'kill', 'kill-after'),
  });
  const story = fc.record({
    requests: fc.integer({ min: 1, max: 4 }),
    parkSeconds: fc.integer({ min: 1, max: 90 }),
    /** When the load falls, after the start. */
    overloadedMs: fc.nat(120_000),
    mishaps: fc.array(mishap, { maxLength: 4 }),
    duplicates: fc.boolean(),
    together: fc.boolean(),
    /** When the callers ask, after the start. */
    asksAtMs: fc.array(fc.nat(150_000), { maxLength: 3 }),
    batch: fc.integer({ min: 1, max: 5 }),
  });

  it('gives each request exactly one effect and its answer, or none and says so, whatever is killed, lost or delivered twice', async () => {
    const endings = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        story,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (told, chance) => {
          const world = new ParkingWorld();
          world.random = () => chance.next().value ?? 0.5;
          const startMs = world.clock.now();
          const seen = new Map<string, number>();
          world.faults = (name) => {
            const occurrence = (seen.get(name) ?? 0) + 1;
            seen.set(name, occurrence);
            const { fault } =
              told.mishaps.find((each) => each.operation === name && each.occurrence === occurrence) ?? {};
            // A handler that merely fails answers so, and that is its request's answer.
            return name === 'effect' && fault?.startsWith('fail') ? 'kill' : fault;
          };
          world.admits = () => (world.clock.now() < startMs + told.overloadedMs ? 503 : undefined);
          const shed: string[] = [];
          for (let index = 0; index < told.requests; index += 1) {
            const known = new Set(world.table.items.keys());
            const reply = await world.park({}, { ...CHECKOUT, parkForSeconds: told.parkSeconds });
            const left = [...world.table.items.keys()].filter((id) => !known.has(id));
            if (reply === undefined) shed.push(...left);
          }
          if (told.duplicates) world.duplicate();
          if (told.together) {
            world.clock.advance(8_000);
            await Promise.all(world.messages.map((message) => world.deliver([message])));
          }
          const ask = (parkedId: string) => readParked(world, { parkedId, sub: 'alice' });
          const said = new Map<string, string>();
          for (const atMs of [...told.asksAtMs].sort((a, b) => a - b)) {
            await world.run(startMs + atMs, told.batch);
            world.clock.set(Math.max(world.clock.now(), startMs + atMs));
            for (const parkedId of world.table.items.keys())
              said.set(parkedId, (await ask(parkedId))?.status ?? 'gone');
          }
          await world.run(undefined, told.batch);
          world.clock.advance(2_000_000);

          expect(world.overlaps).toBe(0);
          for (const parkedId of world.table.items.keys()) {
            const status = (await ask(parkedId))?.status ?? 'gone';
            endings.set(status, (endings.get(status) ?? 0) + 1);
            const effects = world.effects.get(parkedId) ?? 0;
            expect([status, effects]).toEqual(status === 'done' ? ['done', 1] : ['expired', 0]);
            // What was said to be over stays as it was said.
            const before = said.get(parkedId);
            if (before === 'done' || before === 'expired') expect(status).toBe(before);
          }
          // Where nothing goes wrong a handler runs once, so that also an effect without a name happens once.
          const done = [...world.table.items.values()].filter(({ status }) => status === 'done');
          if (told.mishaps.length === 0) expect(world.runs).toBe(done.length);
          // Who was told that the request is shed may repeat it: a record that stayed must have had no effect.
          for (const parkedId of shed) expect(world.effects.get(parkedId) ?? 0).toBe(0);
          for (const parkedId of world.effects.keys()) expect(world.table.items.has(parkedId)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
    // Both endings must have come about, or the property says little.
    expect(endings.get('done')).toBeGreaterThan(50);
    expect(endings.get('expired')).toBeGreaterThan(50);
  });
});
