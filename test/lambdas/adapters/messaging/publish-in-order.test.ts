import { describe, expect, it } from 'vitest';
import {
  type PublishOptions,
  publishInOrder,
  type Refused,
} from '../../../../lambdas/adapters/messaging/publish-in-order.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { virtualWait } from '../../../support/virtual-wait.ts';

const NOTHING: Refused = new Map();
const entries = (...keys: string[]) => keys.map((key) => ({ key, bytes: 1 }));
const { signal } = new AbortController();

function setUp(send: (indices: readonly number[], call: number) => Refused | Promise<Refused>) {
  const clock = new ManualClock();
  const { wait, waits } = virtualWait(clock);
  const calls: (readonly number[])[] = [];
  const options: PublishOptions = {
    limits: { maxEntries: 2, maxBytes: 100 },
    concurrency: 2,
    clock,
    wait,
    random: () => 0.5,
    send: async (indices) => {
      calls.push(indices);
      return send(indices, calls.length);
    },
  };
  return { options, calls, waits };
}

describe('publishInOrder', () => {
  it('sends in as few calls as limits and order allow', async () => {
    const { options, calls, waits } = setUp(() => NOTHING);
    expect(await publishInOrder(entries('a', 'b', 'c', 'a', 'a'), options, signal)).toEqual(NOTHING);
    expect(calls).toEqual([[0, 1], [2], [3], [4]]);
    expect(waits).toEqual([]);
  });

  it('has no more calls in flight than it may', async () => {
    let inFlight = 0;
    let most = 0;
    const { options } = setUp(async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      inFlight -= 1;
      return NOTHING;
    });
    await publishInOrder(entries(...'abcdefghij'), options, signal);
    expect(most).toBe(2);
  });

  it('sends again what was refused, after delays that grow, and meanwhile what is not behind it', async () => {
    const { options, calls, waits } = setUp((indices, call) =>
      call < 4 && indices.includes(0) ? new Map([[0, 'Throttled']]) : NOTHING,
    );
    expect(await publishInOrder(entries('a', 'b', 'a', 'b'), options, signal)).toEqual(NOTHING);
    expect(calls).toEqual([[0, 1], [3], [0], [0], [2]]);
    expect(waits).toEqual([25, 50]);
  });

  it('sends again a whole call that failed, since nobody knows what it did', async () => {
    const { options, calls } = setUp((_indices, call) => {
      if (call === 1) throw new Error('timed out');
      return NOTHING;
    });
    expect(await publishInOrder(entries('a', 'b'), options, signal)).toEqual(NOTHING);
    expect(calls).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('gives up after five attempts, with the last reason, and holds back what is behind', async () => {
    const { options, calls } = setUp((indices, call) =>
      indices.includes(0) ? new Map([[0, `Throttled ${call}`]]) : NOTHING,
    );
    const refused = await publishInOrder(entries('a', 'a', 'b'), options, signal);
    expect(refused).toEqual(
      new Map([
        [0, 'Throttled 5'],
        [1, 'not sent: held back by an earlier one, or out of time'],
      ]),
    );
    expect(calls.filter((indices) => indices.includes(0))).toHaveLength(5);
  });

  it('sends nothing after the time is up, and answers what was not taken by then', async () => {
    const controller = new AbortController();
    const { options, calls } = setUp(() => {
      controller.abort();
      return NOTHING;
    });
    const refused = await publishInOrder(entries('a', 'a'), options, controller.signal);
    expect([...refused.keys()]).toEqual([1]);
    expect(calls).toEqual([[0]]);
    const late = setUp(() => NOTHING);
    expect((await publishInOrder(entries('a'), late.options, controller.signal)).size).toBe(1);
    expect(late.calls).toEqual([]);
  });

  it('does not wait beyond its time', async () => {
    const controller = new AbortController();
    const { options } = setUp(() => new Map([[0, 'Throttled']]));
    const wait = async () => {
      controller.abort();
      throw new Error('time is up');
    };
    const refused = await publishInOrder(entries('a'), { ...options, wait }, controller.signal);
    expect(refused).toEqual(new Map([[0, 'Throttled']]));
  });
});
