import { describe, expect, it } from 'vitest';
import { ApiClient } from '../../../../local/demo/api-client.ts';
import { drillRequests, OrderBook } from '../../../../local/demo/overload/drill-requests.ts';
import type { OfferedOutcome } from '../../../../local/load/offer-at-rate.ts';

const users = ['a', 'b', 'c'].map((token) => ({ client: new ApiClient('http://127.0.0.1:1', token) }));
const choose = (seed: number) => drillRequests({ users, seed, runId: 'run' });
const take = (seed: number, count: number) => {
  const next = choose(seed);
  return Array.from({ length: count }, next);
};

describe('drillRequests', () => {
  it('chooses the same for the same seed, and something else for another', () => {
    const named = (seed: number) => take(seed, 50).map(({ flow, request }) => [flow.name, request.headers]);
    expect(named(1)).toEqual(named(1));
    expect(named(1)).not.toEqual(named(2));
  });

  it('gives each order a name of its own', () => {
    const orders = take(1, 200).filter(({ flow }) => flow.isOrder);
    const references = orders.map(({ reference }) => reference);
    expect(new Set(references).size).toBe(references.length);
    expect(orders.map(({ request }) => request.body)).toEqual(
      references.map((reference) => JSON.stringify({ reference })),
    );
  });

  it('sends all users’ tokens', () => {
    expect(new Set(take(1, 50).map(({ request }) => request.headers?.authorization)).size).toBe(users.length);
  });
});

describe('OrderBook', () => {
  const [order] = take(1, 200).filter(({ flow }) => flow.isOrder);
  const end = (outcome: Pick<OfferedOutcome, 'status' | 'headers'>) => {
    const book = new OrderBook();
    if (order !== undefined) book.add({ chosen: order, atSeconds: 3, outcome: { latencyMs: 1, ...outcome } });
    return book;
  };

  it('remembers what became of an order, and where to ask for one that waits', () => {
    expect(end({ status: 201, headers: {} }).sent).toEqual([{ reference: 'run-1', kind: 'admitted' }]);
    const { sent, parked } = end({ status: 202, headers: { location: '/api/parked/p1' } });
    expect(sent).toEqual([{ reference: 'run-1', kind: 'parked' }]);
    expect(parked).toMatchObject([{ reference: 'run-1', statusPath: '/api/parked/p1', parkedAtSeconds: 3 }]);
  });

  it('leaves out what is part of the base URL', () => {
    const { parked } = end({ status: 202, headers: { location: '/dev/api/parked/p1' } });
    expect(parked[0]?.statusPath).toBe('/api/parked/p1');
  });

  it('knows nothing certain of an order that is parked nobody knows where', () => {
    const { sent, parked } = end({ status: 202, headers: {} });
    expect(sent).toEqual([{ reference: 'run-1', kind: 'failed' }]);
    expect(parked).toEqual([]);
  });

  it('leaves alone what is no order', () => {
    const book = new OrderBook();
    const [other] = take(1, 200).filter(({ flow }) => !flow.isOrder);
    if (other !== undefined)
      book.add({ chosen: other, atSeconds: 0, outcome: { status: 200, latencyMs: 1, headers: {} } });
    expect(book.sent).toEqual([]);
  });
});
