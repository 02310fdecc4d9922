import type { Clock } from '../clock.ts';
import { demandKey } from '../controls/controls-header.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';
import type { LimitCheck } from './admission.ts';

/** The controller looks every minute: more often nobody needs to know. */
const TELL_EVERY_MS = 5_000;
/** Longer than the controller can be away and still go on from what it knows. */
const DEMAND_TTL_MS = 86_400_000;

/**
 * Counts what each shard is asked for under limits of the whole fleet, refused or not, so that the controller can move
 * their shares to where they are needed. Told now and then, in the shadow of a request.
 */
export class FleetDemand {
  readonly #store: Pick<ValkeyStore, 'send'>;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #toldAtMs: number;

  constructor(store: Pick<ValkeyStore, 'send'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#toldAtMs = clock.now();
  }

  count(shard: number, checks: readonly LimitCheck[]): void {
    for (const { fleetWide, policy, cost } of checks) {
      if (!fleetWide || cost === 0) continue;
      const key = demandKey(shard, policy);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + cost);
    }
    if (this.#counts.size === 0 || Math.abs(this.#clock.now() - this.#toldAtMs) < TELL_EVERY_MS) return;
    this.#toldAtMs = this.#clock.now();
    for (const [key, units] of this.#counts) {
      this.#store.send((commands) => Promise.all([commands.incrby(key, units), commands.pexpire(key, DEMAND_TTL_MS)]));
    }
    this.#counts.clear();
  }
}
