import { describe, expect, it } from 'vitest';
import type { DrillTable } from '../../../../lambdas/adapters/drill-table.ts';
import type { DrillDependency, DrillOrder } from '../../../../lambdas/contract/drill.ts';
import type { RouteRequest } from '../../../../lambdas/middleware/route-request.ts';
import { drillRoutes } from '../../../../lambdas/services/drill/drill-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { routeRequest } from '../../../support/route-request.ts';

class MemoryDrill implements DrillTable {
  readonly settings = new Map<string, DrillDependency>();
  readonly orders = new Map<string, DrillOrder[]>();
  async findDependency(name: string) {
    return this.settings.get(name);
  }
  async setDependency(name: string, setting: DrillDependency) {
    this.settings.set(name, setting);
  }
  async putOrderOnce(ownerId: string, order: DrillOrder) {
    const present = this.orders.get(ownerId) ?? [];
    if (!present.some(({ id }) => id === order.id)) this.orders.set(ownerId, [...present, order]);
  }
  async ordersOf(ownerId: string, { after = '', maxItems }: { after: string | undefined; maxItems: number }) {
    const sorted = [...(this.orders.get(ownerId) ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    return sorted.filter(({ id }) => id > after).slice(0, maxItems);
  }
}

function setUp() {
  const table = new MemoryDrill();
  const waitedMs: number[] = [];
  let fails = false;
  const routes = drillRoutes({
    table,
    clock: new ManualClock(),
    wait: async (ms) => {
      waitedMs.push(ms);
    },
    askIndex: async () => {
      if (fails) throw new Error('the index answered 500');
      return ['dam'];
    },
  });
  const send = (route: string, request: Partial<RouteRequest> = {}) => {
    const handler = routes[route];
    if (handler === undefined) throw new RangeError(`no route ${route}`);
    return handler({ ...routeRequest({ sub: 'ada' }), ...request });
  };
  return {
    table,
    waitedMs,
    send,
    failIndex: () => {
      fails = true;
    },
  };
}

describe('drill routes', () => {
  it('work as long as asked, else for the time of their route', async () => {
    const { send, waitedMs } = setUp();
    await send('POST /api/drill/checkout');
    await send('POST /api/drill/checkout', { query: { workMs: '7' } });
    await send('GET /api/drill/search');
    await send('GET /api/drill/feed', { query: { workMs: '0' } });
    expect(waitedMs).toEqual([400, 7, 350, 0]);
  });

  it.each(['-1', '2001', '1.5', '', ' 5', '1e2', 'NaN'])('fail with 400 for work of %j ms', async (workMs) => {
    const { send } = setUp();
    await expect(send('POST /api/drill/checkout', { query: { workMs } })).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('a whole number from 0 to 2000'),
    });
  });

  it('take as much work as 2,000 ms', async () => {
    const { send, waitedMs } = setUp();
    await send('POST /api/drill/checkout', { query: { workMs: '2000' } });
    expect(waitedMs).toEqual([2_000]);
  });

  it('write an order once, however often its request is delivered, and show it to its owner alone', async () => {
    const { send } = setUp();
    const body = { reference: 'mine' };
    for (const effectId of ['b', 'a', 'b']) {
      expect(await send('POST /api/drill/orders', { effectId, body })).toMatchObject({ statusCode: 201 });
    }
    const items = ['a', 'b'].map((id) => ({ id, reference: 'mine' }));
    expect((await send('GET /api/drill/orders')).body).toEqual({ items });
    expect((await send('GET /api/drill/orders', { query: { after: 'a' } })).body).toEqual({ items: items.slice(1) });
    const { caller } = routeRequest({ sub: 'bob' });
    expect((await send('GET /api/drill/orders', { caller })).body).toEqual({ items: [] });
  });

  it('show 500 orders on a page, and where the next one begins', async () => {
    const { send, table } = setUp();
    const id = (index: number) => String(index).padStart(4, '0');
    for (let index = 0; index < 501; index += 1) await table.putOrderOnce('ada', { id: id(index), reference: 'r' });
    const { body } = await send('GET /api/drill/orders');
    expect(body).toMatchObject({ next: id(499) });
    expect((await send('GET /api/drill/orders', { query: { after: id(499) } })).body).toEqual({
      items: [{ id: id(500), reference: 'r' }],
    });
  });

  it.each([undefined, {}, { reference: '' }, { reference: 'x'.repeat(65) }, { reference: 'x', more: 1 }])(
    'fail with 400 for the order %j, and write nothing',
    async (body) => {
      const { send, table } = setUp();
      await expect(send('POST /api/drill/orders', { body })).rejects.toMatchObject({ statusCode: 400 });
      expect(table.orders.size).toBe(0);
    },
  );

  it('find something in the index, and nothing where it fails', async () => {
    const { send, failIndex } = setUp();
    expect((await send('GET /api/drill/search')).body).toEqual({ items: ['dam'], source: 'index' });
    failIndex();
    expect(await send('GET /api/drill/feed')).toMatchObject({
      statusCode: 200,
      body: { items: [], source: 'fallback' },
    });
  });

  it('set how the dependency is', async () => {
    const { send, table } = setUp();
    await send('PUT /api/drill/dependency', { body: { latencyMs: 1_500, failureRatio: 0.5 } });
    expect(table.settings.get('index')).toEqual({ latencyMs: 1_500, failureRatio: 0.5 });
  });

  it.each([
    { latencyMs: -1, failureRatio: 0 },
    { latencyMs: 10_001, failureRatio: 0 },
    { latencyMs: 0.5, failureRatio: 0 },
    { latencyMs: 0, failureRatio: 1.01 },
    { latencyMs: 0, failureRatio: -0.01 },
    { latencyMs: 0 },
  ])('fail with 400 for the dependency %j', async (body) => {
    const { send, table } = setUp();
    await expect(send('PUT /api/drill/dependency', { body })).rejects.toMatchObject({ statusCode: 400 });
    expect(table.settings.size).toBe(0);
  });
});
