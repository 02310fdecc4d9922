import { describe, expect, it } from 'vitest';
import { findReadmission } from '../../../lambdas/middleware/readmission.ts';
import { CHECKOUT, type Fault, ParkingWorld, VISIBILITY_MS } from '../../support/parking-world.ts';

/** A world with one parked request, due now. */
async function parked(parkForSeconds = 60): Promise<ParkingWorld> {
  const world = new ParkingWorld();
  await world.park({}, { ...CHECKOUT, parkForSeconds });
  world.clock.advance(2_000);
  return world;
}

function only(world: ParkingWorld) {
  const [record] = world.table.items.values();
  if (record === undefined) throw new Error('nothing is parked');
  return record;
}

/** The first time that the operation of this name comes, this happens. */
function once(world: ParkingWorld, operation: string, fault: Fault): void {
  let isDue = true;
  world.faults = (name) => {
    if (name !== operation || !isDue) return undefined;
    isDue = false;
    return fault;
  };
}

describe('serveParked', () => {
  it('serves what is admitted, keeps its answer, and lets the message go', async () => {
    const world = await parked();
    await world.deliver(world.messages);
    expect(only(world)).toMatchObject({
      status: 'done',
      attempts: 1,
      answer: { statusCode: 201, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' },
    });
    expect([world.messages.length, world.effects.get(only(world).parkedId)]).toEqual([0, 1]);
    // Admission took its place out of the books.
    expect(world.released).toEqual([]);
  });

  it.each([503, 429, 500])(
    'tries again later while admission answers %i, and writes nothing meanwhile',
    async (status) => {
      const world = await parked();
      const before = only(world);
      world.admits = () => status;
      await world.deliver(world.messages);
      expect(only(world)).toEqual(before);
      expect(world.delays).toEqual([2]);
      world.admits = () => undefined;
      await world.run();
      expect([only(world).status, world.runs]).toEqual(['done', 1]);
    },
  );

  it('keeps a refusal for good, such as that the scope does not suffice any more', async () => {
    const world = await parked();
    world.admits = () => 403;
    await world.deliver(world.messages);
    expect(only(world)).toMatchObject({ status: 'done', answer: { statusCode: 403 } });
    expect([world.messages.length, world.runs, world.released]).toEqual([0, 0, ['user:alice']]);
  });

  it('keeps whatever the handler answers, a failure included: it may have had its effect', async () => {
    const world = await parked();
    world.handler = () => ({ statusCode: 503, headers: { 'X-Cache': 'miss', 'Retry-After': '3', RateLimit: '"a"' } });
    await world.deliver(world.messages);
    expect(only(world).answer).toEqual({ statusCode: 503, headers: { 'Retry-After': '3' }, body: '' });
  });

  it('leaves out a body that no item could hold', async () => {
    const world = await parked();
    world.handler = () => ({ statusCode: 200, body: 'x'.repeat(350_001) });
    await world.deliver(world.messages);
    expect(only(world).answer).toEqual({ statusCode: 200, headers: {} });
  });

  it('comes again for the answer while another request with its idempotency key is being served', async () => {
    const world = await parked();
    let isElsewhere = true;
    world.onServe = (event) => {
      const readmission = findReadmission(event);
      if (readmission !== undefined && isElsewhere) readmission.isElsewhere = true;
    };
    await world.deliver(world.messages);
    expect([only(world).status, only(world).answer]).toEqual(['running', undefined]);
    isElsewhere = false;
    await world.run();
    expect(only(world)).toMatchObject({ status: 'done', attempts: 2, answer: { statusCode: 201 } });
  });

  it('serves once what is delivered twice, one after the other', async () => {
    const world = await parked();
    world.duplicate();
    await world.run(undefined, 1);
    expect([world.runs, world.messages.length]).toEqual([1, 0]);
  });

  it('serves once what is delivered twice at the same time; the other one waits for the end of the lease', async () => {
    const world = await parked();
    world.duplicate();
    await Promise.all(world.messages.map((message) => world.deliver([message])));
    expect([world.runs, world.overlaps, world.messages.length]).toEqual([1, 0, 1]);
    await world.run();
    expect([world.runs, world.messages.length]).toEqual([1, 0]);
  });

  it('does not serve what was shed after all: a message without a record', async () => {
    const world = await parked();
    world.table.items.clear();
    await world.deliver(world.messages);
    expect([world.runs, world.messages.length, world.released]).toEqual([0, 0, []]);
  });

  it('begins just before the deadline, and at the deadline records that it has expired', async () => {
    const early = await parked();
    early.clock.set(only(early).deadlineMs - 1);
    await early.deliver(early.messages);
    expect(only(early).status).toBe('done');

    const late = await parked();
    late.clock.set(only(late).deadlineMs);
    await late.deliver(late.messages);
    expect(only(late).status).toBe('expired');
    expect([late.runs, late.messages.length, late.released]).toEqual([0, 0, ['user:alice']]);
  });

  it('expires what is shed to the end, at its deadline and not later', async () => {
    const world = await parked();
    world.admits = () => 503;
    await world.run();
    expect(only(world).status).toBe('expired');
    expect(world.clock.now() - only(world).deadlineMs).toBeLessThan(1_000);
    expect(world.delays.length).toBeGreaterThan(10);
  });

  it('expires what was admitted a moment too late, whose place is out of the books already', async () => {
    const world = await parked();
    world.admits = () => {
      world.clock.set(only(world).deadlineMs);
      return undefined;
    };
    await world.deliver(world.messages);
    expect([only(world).status, world.runs, world.released]).toEqual(['expired', 0, []]);
  });

  it('gives the place back for what the status resource has found to be expired', async () => {
    const world = await parked();
    world.clock.set(only(world).deadlineMs);
    await world.table.expire(only(world).parkedId, world.clock.now());
    await world.deliver(world.messages);
    expect([world.runs, world.messages.length, world.released]).toEqual([0, 0, ['user:alice']]);
  });

  it.each(['find', 'admit', 'claim', 'effect', 'finish'])(
    'has exactly one effect where its function is killed before or after "%s"',
    async (operation) => {
      for (const fault of ['kill', 'kill-after'] as const) {
        const world = await parked(300);
        once(world, operation, fault);
        expect(await world.deliver(world.messages)).toBe('killed');
        await world.run();
        expect(only(world)).toMatchObject({ status: 'done', answer: { statusCode: 201 } });
        expect([...world.effects.values(), world.overlaps]).toEqual([1, 0]);
      }
    },
  );

  it('expires what was not begun where the message is visible again only after the deadline', async () => {
    const world = await parked(VISIBILITY_MS / 1_000);
    once(world, 'claim', 'kill');
    await world.deliver(world.messages);
    await world.run();
    expect([only(world).status, world.effects.size]).toEqual(['expired', 0]);
  });

  it('does not run again where its function is killed once the answer is written, before the message is gone', async () => {
    const world = await parked();
    once(world, 'finish', 'kill-after');
    await world.deliver(world.messages);
    await world.run();
    expect([world.runs, world.messages.length]).toEqual([1, 0]);
  });

  it.each(['find', 'claim', 'finish'])('comes back where the table cannot be reached at "%s"', async (operation) => {
    const world = await parked();
    once(world, operation, 'fail');
    await world.deliver(world.messages);
    expect(world.messages).toHaveLength(1);
    await world.run();
    expect([only(world).status, ...world.effects.values(), world.overlaps]).toEqual(['done', 1, 0]);
  });

  it('finishes after the deadline what was begun before it', async () => {
    const world = await parked();
    world.clock.set(only(world).deadlineMs - 1);
    once(world, 'effect', 'kill-after');
    await world.deliver(world.messages);
    world.clock.advance(VISIBILITY_MS);
    await world.run();
    expect(only(world)).toMatchObject({ status: 'done', attempts: 2 });
    expect([...world.effects.values()]).toEqual([1]);
  });

  it('does not begin what was begun five times and ended its function each time', async () => {
    const world = await parked();
    world.faults = (name) => (name === 'effect' ? 'kill' : undefined);
    await world.run();
    expect([only(world).status, only(world).attempts, world.runs]).toEqual(['abandoned', 5, 5]);
    expect(world.logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'a parked request was begun and could not be finished' }),
    );
  });

  it('gives up in the end on what was begun and is shed from then on', async () => {
    const world = await parked();
    once(world, 'effect', 'kill-after');
    await world.deliver(world.messages);
    world.admits = () => 503;
    await world.run();
    expect(only(world).status).toBe('abandoned');
    expect(world.clock.now() - only(world).deadlineMs).toBeGreaterThanOrEqual(900_000);
  });
});
