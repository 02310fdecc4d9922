import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ParkedStatus } from '../../../../lambdas/contract/parked.ts';
import { Problem } from '../../../../lambdas/contract/problem.ts';
import { parkedRoutes } from '../../../../lambdas/services/parked/parked-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryParked } from '../../../support/memory-parked-table.ts';
import { routeRequest } from '../../../support/route-request.ts';

const ID = '01K8ZZZZZZZZZZZZZZZZZZZZZZ';
const CLAIM = { parkedId: ID, claimId: 'c' };
const DEADLINE = '1970-01-01T00:01:00.000Z';

async function parked() {
  const table = new MemoryParked();
  const clock = new ManualClock(1_000);
  const times = { parkedAtMs: 1_000, deadlineMs: 60_000, estimatedAtMs: 5_500 };
  await table.create({ parkedId: ID, sub: 'ann', route: 'POST /', ...times });
  const [handler] = Object.values(parkedRoutes({ table, clock }));
  const read = async (sub = 'ann') => {
    const reply = await handler?.(routeRequest({ sub, path: { parkedId: ID } }));
    if (reply === undefined) throw new Error('there is no route');
    return reply;
  };
  const finish = async (answer: Parameters<MemoryParked['finish']>[1]) => {
    await table.claim({ ...CLAIM, nowMs: 2_000, leaseUntilMs: 5_000 });
    await table.finish(CLAIM, answer);
  };
  return { table, clock, read, finish };
}

describe('GET /api/parked/{parkedId}', () => {
  it('says that it waits, and when to ask again: 1 to 10 s, as the estimate has it', async () => {
    const { clock, read } = await parked();
    expect(await read()).toEqual({
      statusCode: 200,
      headers: { 'Retry-After': '5' },
      body: { parkedId: ID, status: 'queued', deadline: DEADLINE },
    });
    clock.set(30_000);
    expect((await read()).headers).toEqual({ 'Retry-After': '1' });
    clock.set(-30_000);
    expect((await read()).headers).toEqual({ 'Retry-After': '10' });
  });

  it('says that somebody is at it', async () => {
    const { table, read } = await parked();
    await table.claim({ ...CLAIM, nowMs: 2_000, leaseUntilMs: 5_000 });
    expect((await read()).body).toMatchObject({ status: 'running' });
  });

  it('gives the answer, with JSON as JSON', async () => {
    const { read, finish } = await parked();
    const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
    await finish({ statusCode: 422, headers, body: '{"title":"no"}' });
    const { statusCode, body } = await read();
    expect([statusCode, body]).toEqual([
      200,
      { parkedId: ID, status: 'done', deadline: DEADLINE, answer: { statusCode: 422, headers, body: { title: 'no' } } },
    ]);
    expect(v.is(ParkedStatus, body)).toBe(true);
  });

  it.each([
    ['text as text', { statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: '1' }, { body: '1' }],
    [
      'as text what is no JSON',
      { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: '{' },
      { body: '{' },
    ],
    ['no body where there was none', { statusCode: 204, headers: {}, body: '' }, {}],
    ['that the body was too large', { statusCode: 200, headers: {} }, { isBodyOmitted: true }],
  ])('gives %s', async (_name, stored, expected) => {
    const { read, finish } = await parked();
    await finish(stored);
    const { statusCode, headers } = stored;
    expect((await read()).body).toMatchObject({ answer: { statusCode, headers, ...expected } });
    expect(Object.keys(((await read()).body as ParkedStatus).answer ?? {})).toEqual([
      'statusCode',
      'headers',
      ...Object.keys(expected),
    ]);
  });

  it('is a problem once the deadline has passed', async () => {
    const { clock, read } = await parked();
    clock.set(60_000);
    const { statusCode, headers, body } = await read();
    expect([statusCode, headers]).toEqual([504, { 'Content-Type': 'application/problem+json' }]);
    expect(body).toEqual({
      type: 'urn:spillway:problem:parked-too-long',
      title: 'Gateway Timeout',
      status: 504,
      detail: `the request was not begun by ${DEADLINE}, and had no effect`,
      instance: 'request-1',
    });
    expect(v.is(Problem, body)).toBe(true);
  });

  it('is another problem where it was begun and never finished', async () => {
    const { table, clock, read } = await parked();
    await table.claim({ ...CLAIM, nowMs: 2_000, leaseUntilMs: 5_000 });
    clock.set(2_000_000);
    expect(await read()).toMatchObject({ statusCode: 500, body: { type: 'urn:spillway:problem:parked-unfinished' } });
  });

  it('looks to others as if there were none', async () => {
    const { read } = await parked();
    await expect(read('bob')).rejects.toMatchObject({ code: 'no-such-parked-request', statusCode: 404 });
  });
});
