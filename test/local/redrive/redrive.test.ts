import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RedriveResult } from '../../../local/redrive/redrive.ts';
import { selectLetters } from '../../../local/redrive/select-letters.ts';
import { type Fault, LetterWorld } from '../../support/letter-world.ts';

function worldOf(count: number, more: { readonly error?: string; readonly groups?: number } = {}): LetterWorld {
  const world = new LetterWorld();
  for (let index = 0; index < count; index += 1) {
    const groupId = more.groups === undefined ? undefined : `group-${index % more.groups}`;
    world.put({ workId: `work-${index}`, ...(more.error && { error: more.error }), ...(groupId && { groupId }) });
  }
  return world;
}

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `work-${index}`);

describe('redrive', () => {
  it('sends each letter once, and leaves none', async () => {
    const world = worldOf(25);
    expect(await world.run()).toEqual({ sent: 25, returned: 0, skipped: 0, undeleted: 0, ended: 'done' });
    expect(world.arrived.toSorted()).toEqual(idsOf(25).toSorted());
    expect(world.letters).toEqual([]);
  });

  it('keeps to its rate, evenly', async () => {
    const world = worldOf(25);
    await world.run({ maxPerSecond: 5 });
    const gaps = world.sentAtMs.slice(1).map((ms, index) => ms - (world.sentAtMs[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200);
  });

  it('leaves what is not meant where it is, in sight', async () => {
    const world = worldOf(3);
    world.put({ workId: 'other', error: 'time-out' });
    expect(await world.run({ select: selectLetters({ error: 'time-out' }) })).toMatchObject({ sent: 1, skipped: 3 });
    expect(world.arrived).toEqual(['other']);
    expect(world.visible()).toEqual(idsOf(3));
  });

  it('sends no more than it is told', async () => {
    const world = worldOf(25);
    expect(await world.run({ max: 12 })).toMatchObject({ sent: 12, ended: 'max' });
    expect(world.visible()).toHaveLength(13);
    expect(await world.run({ max: 13 })).toMatchObject({ sent: 13, ended: 'done' });
  });

  it('stops itself when what it sent comes back, and sends nothing twice', async () => {
    // What comes back stands behind the others: the count of the queue tells of it.
    const world = worldOf(6_000);
    for (const id of idsOf(6_000)) world.poison.add(id);
    const result = (await world.run()) as RedriveResult;
    expect(result.ended).toBe('failing');
    expect(result.sent).toBeLessThan(2_500);
    expect(new Set(world.arrived).size).toBe(world.arrived.length);
    expect(world.visible()).toHaveLength(6_000);
  });

  it('stops itself at once where it sees them come back', async () => {
    const world = worldOf(10);
    for (const id of idsOf(10)) world.poison.add(id);
    expect(await world.run()).toMatchObject({ sent: 10, returned: 10, ended: 'failing' });
    expect(world.visible()).toHaveLength(10);
  });

  it('goes on where few come back', async () => {
    const world = worldOf(100);
    for (const id of idsOf(9)) world.poison.add(id);
    expect(await world.run()).toMatchObject({ sent: 100, ended: 'done' });
    expect(world.visible().toSorted()).toEqual(idsOf(9));
  });

  it('looks for what comes back after the last one', async () => {
    const world = worldOf(2);
    let isLate = false;
    const result = await world.run({
      watchSeconds: 30,
      onProgress: ({ sent }) => {
        if (sent < 2 || isLate) return;
        isLate = true;
        world.clock.advance(4_000);
        world.put({ workId: 'work-0' }, 'run-1');
      },
    });
    expect(result).toMatchObject({ sent: 2, returned: 1, ended: 'done' });
  });

  it('takes two old letters of one work for copies, and not for one that came back', async () => {
    const world = worldOf(1);
    world.put({ workId: 'work-0' });
    world.clock.advance(1_000);
    expect(await world.run()).toMatchObject({ sent: 2, returned: 0 });
  });

  it('keeps the order within a group', async () => {
    const world = worldOf(40, { groups: 3 });
    world.isOrdered = true;
    await world.run();
    for (const group of [0, 1, 2]) {
      const own = world.arrived.filter((id) => Number(id.slice(5)) % 3 === group);
      expect(own).toEqual(idsOf(40).filter((id) => Number(id.slice(5)) % 3 === group));
    }
  });

  it('lets nothing overtake a letter of its group that stays behind', async () => {
    const world = worldOf(1, { groups: 1, error: 'not meant' });
    world.isOrdered = true;
    world.put({ workId: 'behind', groupId: 'group-0' });
    world.put({ workId: 'free', groupId: 'group-1' });
    expect(await world.run({ select: selectLetters({ error: 'broken' }) })).toMatchObject({ sent: 1, skipped: 1 });
    expect(world.arrived).toEqual(['free']);
    expect(world.visible()).toEqual(['work-0', 'behind']);
  });

  it('finishes what it is sending, and puts the rest back, where it is ended', async () => {
    const world = worldOf(30);
    const controller = new AbortController();
    const result = (await world.run({
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })) as RedriveResult;
    expect(result).toMatchObject({ sent: 10, ended: 'aborted' });
    expect(world.visible()).toHaveLength(20);
  });

  it('ends with the error where a letter cannot be sent, and keeps it', async () => {
    const world = worldOf(3);
    world.faults = (operation) => (operation === 'deliver' ? 'fail' : undefined);
    expect(await world.run()).toMatchObject({ sent: 0, ended: 'failed', error: new Error('deliver failed') });
    expect(world.visible()).toEqual(idsOf(3));
  });

  it('tells of a letter that was sent and could not be deleted, and does not send it again', async () => {
    const world = worldOf(3);
    world.faults = (operation) => (operation === 'delete' ? 'fail' : undefined);
    expect(await world.run()).toMatchObject({ sent: 3, undeleted: 3, ended: 'done' });
    expect(world.arrived.toSorted()).toEqual(idsOf(3));
  });

  it('loses nothing, and sends hardly anything twice, whatever fails and wherever it is killed', async () => {
    const fault = fc.constantFrom<Fault>('fail', 'fail-after', 'kill', 'kill-after');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        fc.array(fc.tuple(fc.nat(120), fault), { maxLength: 6 }),
        async (count, groups, planned) => {
          const world = worldOf(count, groups === undefined ? {} : { groups });
          world.isOrdered = groups !== undefined;
          let operations = 0;
          const faults = new Map(planned);
          world.faults = () => {
            operations += 1;
            const found = faults.get(operations);
            faults.delete(operations);
            return found;
          };
          for (let run = 0; run < 20 && world.letters.length > 0; run += 1) {
            await world.run({ runId: `run-${run}` });
            const left = new Set([...world.arrived, ...world.letters.map(({ workId }) => workId)]);
            expect(left.size).toBe(count);
            // What was in hand when a run was killed comes back by itself.
            world.clock.advance(600_000);
          }
          expect(new Set(world.arrived)).toEqual(new Set(idsOf(count)));
          expect(world.letters).toEqual([]);
          // A batch is in flight when a fault hits.
          expect(world.arrived.length - count).toBeLessThanOrEqual(planned.length * 10);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reports how far it is', async () => {
    const onProgress = vi.fn();
    await worldOf(12).run({ onProgress });
    expect(onProgress).toHaveBeenCalledWith({ sent: 10, returned: 0, skipped: 0, undeleted: 0 });
    expect(onProgress).toHaveBeenLastCalledWith({ sent: 12, returned: 0, skipped: 0, undeleted: 0 });
  });
});
