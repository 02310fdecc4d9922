import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import type { PlacedLimit } from './limit-policy.ts';
import type { Route } from './route.ts';

/** All limits of an API's routes. Knows which of them could not be told apart, or counted, in the store. */
export class LimitTable {
  private readonly byId = new Map<number, { readonly route: Route; readonly placed: PlacedLimit }>();
  private readonly scope: IConstruct;
  private readonly shards: number;

  constructor(scope: IConstruct, shards: number) {
    this.scope = scope;
    this.shards = shards;
  }

  /** Names of the claims that limits count by, in alphabetical order. */
  get claims(): readonly string[] {
    const names = [...this.byId.values()].flatMap(({ placed }) => placed.limit.by.flatMap((by) => by.claimName ?? []));
    return [...new Set(names)].sort();
  }

  /** @throws SpillwayError for a limit that cannot stand beside those that are there */
  add(route: Route): void {
    for (const placed of route.placedLimits) {
      const present = this.byId.get(placed.spec.id);
      if (present) this.refuseClash(route, placed, present);
      this.refuseTooSmall(route, placed);
      this.byId.set(placed.spec.id, present ?? { route, placed });
    }
  }

  private refuseClash(
    route: Route,
    { policy, limit, spec }: PlacedLimit,
    present: { readonly route: Route; readonly placed: PlacedLimit },
  ): void {
    if (present.placed.policy !== policy) {
      throw new SpillwayError(
        'limit-id-taken',
        `${route}: limit '${limit.name}' has the id ${spec.id} of '${present.placed.policy}', by a chance of 1 in 65,520; ` +
          'give one of them another name',
        this.scope,
      );
    }
    const [mine, theirs] = [numbers(spec), numbers(present.placed.spec)];
    if (mine === theirs) return;
    throw new SpillwayError(
      'differing-limits',
      `${route}: the global limit '${limit.name}' must be the same wherever it stands, got ${mine} and, on ` +
        `${present.route}, ${theirs}; give them the same numbers, or different names`,
      this.scope,
    );
  }

  /** Where requests come through several shards, each holds a part of the limit: through less than one none would pass. */
  private refuseTooSmall(route: Route, { limit, spec }: PlacedLimit): void {
    if (limit.isWithinShard(route.isPublic)) return;
    const [field, most] = 'burst' in spec ? ['burst', spec.burst] : ['max', spec.max];
    const least = this.shards * (spec.cost ?? 1);
    if (most >= least) return;
    throw new SpillwayError(
      'limit-below-shards',
      `${route}: limit '${limit.name}': ${field} must be at least ${least}, one request for each of ${this.shards} ` +
        `admissionShards, got ${most}; raise it, or lower admissionShards`,
      this.scope,
    );
  }
}

/** What must agree for two limits to share their state: `token-bucket of ratePerSecond 10, burst 20`. */
function numbers(spec: PlacedLimit['spec']): string {
  return 'burst' in spec
    ? `${spec.algorithm} of ratePerSecond ${spec.ratePerSecond}, burst ${spec.burst}`
    : `${spec.algorithm} of max ${spec.max}, window ${spec.windowSeconds} seconds`;
}
