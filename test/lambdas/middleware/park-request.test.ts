import { describe, expect, it } from 'vitest';
import { isParkable } from '../../../lambdas/middleware/park-request.ts';
import { readParkedMessage } from '../../../lambdas/middleware/parked-message.ts';
import { CHECKOUT, ParkingWorld } from '../../support/parking-world.ts';
import { proxyEvent } from '../../support/proxy-event.ts';

const START = Date.UTC(2026, 10, 1);

/** A world in which the operation of this name goes wrong. */
function withFault(operation: string, fault: 'fail' | 'fail-after' | 'kill' | 'kill-after', then = operation) {
  const world = new ParkingWorld();
  world.faults = (name) => (name === operation || name === then ? fault : undefined);
  return world;
}

describe('parkRequest', () => {
  it('answers 202 with the place of the status, below the stage, and an estimate', async () => {
    const world = new ParkingWorld();
    const reply = await world.park();
    const [parkedId] = world.table.items.keys();
    expect(reply).toMatchObject({
      statusCode: 202,
      headers: {
        'Content-Type': 'application/json',
        Location: `/dev/api/parked/${parkedId}`,
        'Retry-After': '11',
      },
    });
    expect(JSON.parse((reply as { body: string }).body)).toEqual({
      parkedId,
      status: 'queued',
      statusUrl: `/dev/api/parked/${parkedId}`,
      estimatedSeconds: 11,
      deadline: new Date(START + 60_000).toISOString(),
    });
    expect(world.released).toEqual([]);
  });

  it('keeps the caller, the deadline and the request', async () => {
    const world = new ParkingWorld();
    await world.park({ headers: { Authorization: 'Bearer secret', 'Content-Type': 'application/json' } });
    const [record] = world.table.items.values();
    expect(record).toMatchObject({
      sub: 'alice',
      route: 'POST /api/checkout',
      status: 'queued',
      parkedAtMs: START,
      deadlineMs: START + 60_000,
      estimatedAtMs: START + 10_020,
    });
    const [message] = world.messages;
    expect(readParkedMessage(message?.body ?? '')).toMatchObject({
      parkedId: record?.parkedId,
      caller: 'user:alice',
      position: 37.5,
      request: { headers: { 'content-type': 'application/json' }, authorizer: { sub: 'alice', tier: 'free' } },
    });
    expect(message?.body).not.toContain('secret');
    expect(message?.visibleAtMs).toBe(START + 2_000);
  });

  it.each([
    ['a record that cannot be written', withFault('create', 'fail')],
    ['a message that cannot be sent', withFault('send', 'fail')],
    ['a message of which nobody knows whether it arrived', withFault('send', 'fail-after')],
  ])('sheds for %s, gives the place back and leaves no record', async (_name, world) => {
    expect(await world.park()).toBeUndefined();
    expect(world.released).toEqual(['user:alice']);
    expect(world.table.items.size).toBe(0);
    await world.run();
    expect(world.runs).toBe(0);
  });

  it('answers 202 where it is not known whether the request will be served: its record will tell', async () => {
    const world = withFault('send', 'fail', 'withdraw');
    expect(await world.park()).toMatchObject({ statusCode: 202 });
    expect(world.released).toEqual([]);
    expect(world.table.items.size).toBe(1);
  });

  it('answers 202 where the message arrived after all, and somebody has begun already', async () => {
    const world = new ParkingWorld();
    world.faults = (name) => {
      if (name !== 'send') return undefined;
      const [parkedId = ''] = world.table.items.keys();
      void world.table.claim({ parkedId, claimId: 'x', nowMs: START, leaseUntilMs: START + 1 });
      return 'fail';
    };
    expect(await world.park()).toMatchObject({ statusCode: 202 });
  });

  it('parks just as many as may be, by the length of the queue, and sheds one too many', async () => {
    const world = new ParkingWorld();
    world.parkedMax = 2;
    const replies = [await world.park(), await world.park(), await world.park()];
    expect(replies.map((reply) => (reply === undefined ? 'shed' : 'parked'))).toEqual(['parked', 'parked', 'shed']);
    expect(world.released).toEqual(['user:alice']);
  });

  it('goes by the store alone where the queue cannot be counted', async () => {
    expect(await withFault('count', 'fail').park()).toMatchObject({ statusCode: 202 });
  });

  it('estimates a longer wait behind others', async () => {
    const world = new ParkingWorld();
    for (let index = 0; index < 50; index += 1) await world.park();
    const reply = await world.park();
    expect(reply).toMatchObject({ headers: { 'Retry-After': '12' } });
  });
});

describe('isParkable', () => {
  const { route, caller } = new ParkingWorld().exchange(proxyEvent({ resource: '/' }));
  const event = (body?: string) => proxyEvent({ method: 'POST', resource: CHECKOUT.path, body });

  it('takes requests of a known caller on a route that parks', () => {
    expect(isParkable(event('{}'), { route, caller })).toBe(true);
    expect(isParkable(event(), { route, caller })).toBe(true);
  });

  it('refuses a request without a caller, who could never be told the answer', () => {
    expect(isParkable(event('{}'), { route })).toBe(false);
  });

  it('refuses on a route that does not park', () => {
    const { parkForSeconds: _, ...spec } = CHECKOUT;
    expect(isParkable(event('{}'), { route: { ...route, spec }, caller })).toBe(false);
  });

  it('takes what just fits in a message, however much of it is escaped, and refuses one byte more', async () => {
    const most = '"'.repeat((1_048_576 - 65_536) / 2);
    expect(isParkable(event(most), { route, caller })).toBe(true);
    expect(isParkable(event(`${most}"`), { route, caller })).toBe(false);
    const world = new ParkingWorld();
    await world.park({ body: most });
    expect(Buffer.byteLength(world.messages[0]?.body ?? '')).toBeLessThanOrEqual(1_048_576);
  });
});
