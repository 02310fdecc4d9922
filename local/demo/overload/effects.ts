import * as v from 'valibot';
import { type DrillOrder, DrillOrdersPage } from '../../../lambdas/contract/drill.ts';
import type { ApiClient } from '../api-client.ts';
import type { OutcomeKind } from './timeline.ts';

/** An order that was sent, and what its sender was told. */
export interface SentOrder {
  readonly reference: string;
  readonly kind: OutcomeKind;
}

/** Everything that the service has written for one user. */
export async function readOrders(client: Pick<ApiClient, 'expect'>): Promise<readonly DrillOrder[]> {
  const orders: DrillOrder[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
    const { body } = await client.expect(200, 'GET', `/api/drill/orders${query}`);
    const page = v.parse(DrillOrdersPage, body);
    orders.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return orders;
}

/**
 * Each order that was accepted, at once or for later, was written once; of each that was shed there is nothing; one whose
 * sender was told nothing certain was not written twice.
 *
 * @returns a sentence for each order that breaks this.
 */
export function effectBreaches(sent: readonly SentOrder[], written: readonly DrillOrder[]): readonly string[] {
  const effects = Map.groupBy(written, ({ reference }) => reference);
  return sent.flatMap(({ reference, kind }) => {
    const count = effects.get(reference)?.length ?? 0;
    const [least, most] = kind === 'failed' ? [0, 1] : kind === 'shed' ? [0, 0] : [1, 1];
    if (count >= least && count <= most) return [];
    return [`order ${reference} was ${kind}, and has ${count} effects instead of ${least === most ? most : '0 or 1'}`];
  });
}
