import { DRILL_IN_FLIGHT_MAX, DRILL_WORK_MS } from '../../../lambdas/contract/drill.ts';
import type { Priority } from '../../../lambdas/contract/priority.ts';

export type FlowName = 'checkout' | 'orders' | 'feed' | 'search';

/** One kind of request of the mix. */
export interface Flow {
  readonly name: FlowName;
  readonly priority: Priority;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Part of all requests; those of all flows add up to 1. */
  readonly share: number;
  /** Whether an order is sent, which is parked where load leaves no room for it. */
  readonly isOrder: boolean;
}

/**
 * Most important first. At twice the capacity the first takes 30 % of it, and the first three together want 114 %: so that
 * of the middle ones some are served and some are not, and of the last none.
 */
export const FLOWS: readonly Flow[] = [
  {
    name: 'checkout',
    priority: 'critical-plus',
    method: 'POST',
    path: '/api/drill/checkout',
    share: 0.15,
    isOrder: false,
  },
  { name: 'orders', priority: 'sheddable-plus', method: 'POST', path: '/api/drill/orders', share: 0.12, isOrder: true },
  { name: 'feed', priority: 'sheddable-plus', method: 'GET', path: '/api/drill/feed', share: 0.3, isOrder: false },
  { name: 'search', priority: 'sheddable', method: 'GET', path: '/api/drill/search', share: 0.43, isOrder: false },
];

/** Requests per second that the service can work on (Little's law). */
export const CAPACITY_PER_SECOND = (DRILL_IN_FLIGHT_MAX * 1_000) / DRILL_WORK_MS;

/** The flow that a draw from 0 to 1 (exclusive) falls to. */
export function flowOf(draw: number): Flow {
  let upTo = 0;
  for (const flow of FLOWS) {
    upTo += flow.share;
    if (draw < upTo) return flow;
  }
  // Shares add up to 1 but for rounding.
  return FLOWS.at(-1) as Flow;
}
