import type { ControllerState, ControlsStore } from '../../adapters/controls/controls-store.ts';
import type { ControllerSpec, FleetLimitSpec } from '../../contract/controller-spec.ts';
import type { Controls } from '../../contract/controls.ts';
import { equalShares, moveShares, shareHoldMs } from '../../resilience/limit-shares.ts';

type Moves = ControllerState['moves'];

export interface MovedLimits {
  readonly shares: Controls['shares'];
  readonly moves: Moves;
}

/** Moves the parts of fleet-wide limits to the shards that are asked for them. With one shard there is nothing to move. */
export async function moveLimits(
  { shards, fleetLimits }: Pick<ControllerSpec, 'shards' | 'fleetLimits'>,
  store: Pick<ControlsStore, 'demand'>,
  known: { readonly shares: Controls['shares']; readonly moves: Moves; readonly nowMs: number },
): Promise<MovedLimits> {
  if (shards === 1 || fleetLimits.length === 0) return { shares: {}, moves: {} };
  const { nowMs } = known;
  const counters = await store.demand(fleetLimits.map(({ policy }) => policy));
  const moved = fleetLimits.map((limit) => {
    const { policy } = limit;
    const told = memberOf(known.shares, policy);
    const isOfThisMany = told?.length === shards;
    const shares = isOfThisMany ? told : equalShares(shards);
    const last = isOfThisMany ? memberOf(known.moves, policy) : undefined;
    const counter = counters[policy] ?? [];
    // Nobody knows since when the counters count: this run only takes down where they stand.
    if (last === undefined) return { policy, shares, move: { atMs: nowMs, demand: [...counter] } };
    if (!isDue(limit, last.atMs, nowMs)) return { policy, shares, move: last };
    const demand = counter.map((count, shard) => grown(count, last.demand[shard] ?? 0));
    return {
      policy,
      shares: moveShares(shares, demand, limit.leastShare),
      move: { atMs: nowMs, demand: [...counter] },
    };
  });
  return {
    shares: Object.fromEntries(moved.map(({ policy, shares }) => [policy, [...shares]])),
    moves: Object.fromEntries(moved.map(({ policy, move }) => [policy, move])),
  };
}

function isDue({ windowSeconds }: FleetLimitSpec, movedAtMs: number, nowMs: number): boolean {
  return nowMs - movedAtMs >= shareHoldMs(windowSeconds);
}

/** A counter that shrank had run out, and began anew. */
function grown(count: number, before: number): number {
  return count < before ? count : count - before;
}

function memberOf<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
