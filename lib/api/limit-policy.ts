import { createHash } from 'node:crypto';
import type { InferInput } from 'valibot';
import { FIRST_ROUTE_LIMIT_ID, type LimitSpec } from '../../lambdas/contract/limit-spec.ts';
import { LimitBy } from './limit-by.ts';
import type { RateLimit } from './rate-limit.ts';

/** Ids have two bytes. */
const IDS = 65_536 - FIRST_ROUTE_LIMIT_ID;

/** A limit of a route with the id under which its state is kept. */
export interface PlacedLimit {
  /** What levers, shares and metrics call it: `POST /api/feed:user`, or `global:checkout` on whatever route. */
  readonly policy: string;
  readonly limit: RateLimit;
  /** As it travels to the handler. */
  readonly spec: InferInput<typeof LimitSpec>;
}

/** A limit, placed on the route of that method and path. */
export function placeLimit(route: string, limit: RateLimit): PlacedLimit {
  const policy = `${limit.by[0] === LimitBy.GLOBAL ? 'global' : route}:${limit.name}`;
  const { algorithm, ...rest } = limit.definition;
  return { policy, limit, spec: { algorithm, id: limitId(policy), ...rest } as PlacedLimit['spec'] };
}

/** The same for the same policy on every synth, whatever stands beside it, so that a deployment forgets no count. */
function limitId(policy: string): number {
  return FIRST_ROUTE_LIMIT_ID + (createHash('sha256').update(policy).digest().readUInt32BE(0) % IDS);
}
