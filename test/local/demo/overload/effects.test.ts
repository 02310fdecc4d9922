import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../../../../local/demo/api-client.ts';
import { effectBreaches, readOrders, type SentOrder } from '../../../../local/demo/overload/effects.ts';

describe('effectBreaches', () => {
  const written = (...references: string[]) => references.map((reference, index) => ({ id: String(index), reference }));

  it.each([
    ['admitted', 1],
    ['parked', 1],
    ['shed', 0],
    ['failed', 0],
    ['failed', 1],
  ] as const)('has nothing against an order that was %s with %s effects', (kind, count) => {
    expect(effectBreaches([{ reference: 'a', kind }], written(...Array.from({ length: count }, () => 'a')))).toEqual(
      [],
    );
  });

  it.each([
    ['admitted', 0, '1'],
    ['admitted', 2, '1'],
    ['parked', 0, '1'],
    ['parked', 2, '1'],
    ['shed', 1, '0'],
    ['failed', 2, '0 or 1'],
  ] as const)('finds an order that was %s and has %s effects', (kind, count, wanted) => {
    const sent: SentOrder[] = [{ reference: 'a', kind }];
    const others = written('b', ...Array.from({ length: count }, () => 'a'));
    expect(effectBreaches(sent, others)).toEqual([
      `order a was ${kind}, and has ${count} effects instead of ${wanted}`,
    ]);
  });
});

describe('readOrders', () => {
  it('reads page after page', async () => {
    const asked: string[] = [];
    const pages = [{ items: [{ id: 'a b', reference: 'r' }], next: 'a b' }, { items: [{ id: 'c', reference: 's' }] }];
    const client = {
      expect: async (_status: number, _method: string, path: string) => {
        asked.push(path);
        return { status: 200, headers: new Headers(), body: pages[asked.length - 1] };
      },
    } as unknown as ApiClient;
    expect((await readOrders(client)).map(({ id }) => id)).toEqual(['a b', 'c']);
    expect(asked).toEqual(['/api/drill/orders', '/api/drill/orders?after=a%20b']);
  });
});
