import { describe, expect, it } from 'vitest';
import type { Backlog } from '../../../lambdas/contract/controls.ts';
import type { Priority } from '../../../lambdas/contract/priority.ts';
import type { RouteSpecInput } from '../../../lambdas/contract/route-spec.ts';
import { ToldAdmission } from '../../support/admission-fixture.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { authorizerContext, type ProxyEventOptions } from '../../support/proxy-event.ts';
import { createServiceFixture } from '../../support/service-fixture.ts';

const WORK = { queue: 'video', maxAgeSeconds: 60 } as const;

/** Admits everything, and tells the backlogs that the controller has told. */
class BehindAdmission extends ToldAdmission {
  backlogs: Record<string, Backlog> | undefined;

  override controls() {
    const rest = { version: 1, levers: {}, overload: 0, causes: [], shares: {}, changes: [] };
    return { ...rest, ...(this.backlogs && { backlogs: this.backlogs }) };
  }
}

/** A service with a route that makes work, and one that does not. */
function setUp(route: Partial<RouteSpecInput> = {}, backlog: Partial<Backlog> = {}) {
  const clock = new ManualClock();
  const admission = new BehindAdmission();
  admission.backlogs = {
    video: {
      ...{ ageSeconds: 120, waiting: 1_000, drainPerSecond: 5, arrivalsPerSecond: 1, measuredAtMs: clock.now() },
      ...backlog,
    },
  };
  const handled: string[] = [];
  const fixture = createServiceFixture({
    clock,
    admission,
    routes: [
      { method: 'POST', path: '/video', scope: 'video:write', work: { ...WORK, whenBehind: 'refuse' }, ...route },
      { method: 'GET', path: '/video', scope: 'video:read' },
    ],
    handlers: {
      'POST /video': async () => {
        handled.push('POST');
        return { statusCode: 202, body: {} };
      },
      'GET /video': async () => ({ statusCode: 200, body: {} }),
    },
  });
  const post = (more: Partial<ProxyEventOptions> = {}) =>
    fixture.send({
      method: 'POST',
      resource: '/video',
      authorizer: authorizerContext({ scopes: 'video:read video:write' }),
      ...more,
    });
  const get = () => post({ method: 'GET' });
  return { ...fixture, clock, admission, handled, post, get };
}

describe('refuseWhenBehind', () => {
  it('refuses with 503 and the time after which the queue is within its budget, before the handler', async () => {
    const { post, handled, behind, admission, logger } = setUp();
    const { status, headers, body } = await post();
    expect(status).toBe(503);
    // (1,000 − 60 × 5) / (5 − 1), and by chance a quarter as long again.
    expect(headers['retry-after']).toBe('219');
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:spillway:problem:behind',
      title: 'Service Unavailable',
      status: 503,
      detail: "the queue 'video' is behind: its oldest work waits for 120 s, with a budget of 60 s; retry in 219 s",
      instance: 'request-1',
      queue: 'video',
    });
    expect(handled).toEqual([]);
    expect(behind).toEqual([['video', 'refused']]);
    expect(logger.lines.at(-1)).toMatchObject({ status: 503, behind: 'video' });
    // It was admitted, and says nothing of how long work takes.
    expect(admission.endings.map(({ kind }) => kind)).toEqual(['ignored']);
  });

  it('leaves the other routes of the service alone', async () => {
    const { get, behind } = setUp();
    expect((await get()).status).toBe(200);
    expect(behind).toEqual([]);
  });

  it.each([
    ['up to the budget', { ageSeconds: 60 }, 202, []],
    ['just beyond it', { ageSeconds: 60.5 }, 503, [['video', 'refused']]],
  ])('admits %s', async (_what, backlog, expected, counted) => {
    const { post, behind } = setUp({}, backlog);
    expect((await post()).status).toBe(expected);
    expect(behind).toEqual(counted);
  });

  it('admits while nothing is told of the queue', async () => {
    const { post, admission, handled } = setUp();
    admission.backlogs = {};
    expect((await post()).status).toBe(202);
    admission.backlogs = undefined;
    expect((await post()).status).toBe(202);
    expect(handled).toHaveLength(2);
  });

  it('refuses nobody for ever where nobody measures any more, and counts that', async () => {
    const { post, clock, behind } = setUp();
    clock.advance(300_000);
    expect((await post()).status).toBe(503);
    clock.advance(1);
    expect((await post()).status).toBe(202);
    expect(behind).toEqual([
      ['video', 'refused'],
      ['video', 'unknown'],
    ]);
  });

  it.each<[Priority, number, number]>([
    ['critical-plus', 10_000, 202],
    ['critical', 120, 503],
    ['critical', 105, 202],
    ['sheddable-plus', 116, 503],
    ['sheddable-plus', 90, 202],
    ['sheddable', 110, 503],
    ['sheddable', 65, 202],
  ])('admits by priority, on this route alone: %s at %d s of 60 s: %d', async (priority, ageSeconds, expected) => {
    const { post, get, behind } = setUp({ priority, work: { ...WORK, whenBehind: 'by-priority' } }, { ageSeconds });
    expect((await post()).status).toBe(expected);
    expect(behind).toEqual([['video', expected === 202 ? 'admitted' : 'refused']]);
    expect((await get()).status).toBe(200);
  });

  it('goes by the priority that the tier of the caller has', async () => {
    const route = {
      priority: 'sheddable',
      priorityByTier: { free: 'critical-plus' },
      work: { ...WORK, whenBehind: 'by-priority' },
    } as const;
    expect((await setUp(route).post()).status).toBe(202);
  });

  it('refuses all alike where the route says so, the most important included', async () => {
    expect((await setUp({ priority: 'critical-plus' }).post()).status).toBe(503);
  });
});
