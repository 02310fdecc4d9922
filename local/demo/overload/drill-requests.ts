import { PARKED_PATH, type ParkedStatus } from '../../../lambdas/contract/parked.ts';
import { pickOne, seededRandom } from '../../soak/seeded-random.ts';
import type { SentOrder } from './effects.ts';
import { flowOf } from './flows.ts';
import type { ChosenRequest, OfferedEnd } from './offer-phases.ts';
import type { OverloadUser } from './overload-users.ts';
import type { ParkedOrder } from './parked-orders.ts';
import { outcomeKind } from './timeline.ts';

const PARKED_ROOT = PARKED_PATH.slice(0, PARKED_PATH.indexOf('{'));

/** A request of one user. */
export interface DrillRequest extends ChosenRequest {
  readonly user: OverloadUser;
  /** The client's own name of an order. */
  readonly reference: string | undefined;
}

export interface DrillRequestOptions {
  readonly users: readonly OverloadUser[];
  readonly seed: number;
  /** Tells the orders of one run from those of another. */
  readonly runId: string;
}

/** Chooses flow and user of each request, the same ones for the same seed. */
export function drillRequests({ users, seed, runId }: DrillRequestOptions): () => DrillRequest {
  const random = seededRandom(seed);
  let orders = 0;
  return () => {
    const flow = flowOf(random());
    const user = pickOne(users, random);
    const { method, path } = flow;
    const request = { method, path, headers: user.client.headers };
    if (!flow.isOrder) return { flow, user, reference: undefined, request };
    orders += 1;
    const reference = `${runId}-${orders}`;
    return { flow, user, reference, request: { ...request, body: JSON.stringify({ reference }) } };
  };
}

/** What is to be remembered of orders until their effects are counted. */
export class OrderBook {
  readonly sent: SentOrder[] = [];
  readonly parked: ParkedOrder[] = [];

  add({ chosen, atSeconds, outcome }: OfferedEnd<DrillRequest>): void {
    const { reference, user } = chosen;
    if (reference === undefined) return;
    const kind = outcomeKind(outcome);
    const { location } = outcome.headers;
    // A 202 that does not say where to ask is no answer.
    const isLost = kind === 'parked' && typeof location !== 'string';
    this.sent.push({ reference, kind: isLost ? 'failed' : kind });
    if (kind !== 'parked' || typeof location !== 'string') return;
    const read = (path: string) => user.client.send<ParkedStatus>('GET', path);
    this.parked.push({ reference, statusPath: pathOf(location), parkedAtSeconds: atSeconds, read });
  }
}

/** Without what stands before the API's own paths, which is part of a client's base URL. */
function pathOf(location: string): string {
  return location.slice(Math.max(0, location.indexOf(PARKED_ROOT)));
}
