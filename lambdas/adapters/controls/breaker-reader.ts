import type { BreakerStates } from '../../contract/limits.ts';
import { breakerKey } from '../dependencies/breaker-plan.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';

/** Looks at breakers without claiming a probe, as somebody who only wants to see them. */
export interface BreakerReader {
  /** @param dependencies of each service. Rejects with `StoreError` while the store is gone. */
  read(dependencies: Readonly<Record<string, readonly string[]>>): Promise<readonly BreakerStates[]>;
}

const PHASES = ['closed', 'open', 'half-open'] as const;

export function createBreakerReader(store: Pick<ValkeyStore, 'run'>, shards: number): BreakerReader {
  return {
    async read(dependencies) {
      const uses = Object.entries(dependencies).flatMap(([service, names]) =>
        names.map((dependency) => ({ service, dependency })),
      );
      if (uses.length === 0) return [];
      const byShard = await Promise.all(
        Array.from({ length: shards }, (_, shard) => {
          const keys = uses.map(({ service, dependency }) => breakerKey(shard, service, dependency));
          return store.run((commands) => commands.mget(keys));
        }),
      );
      return uses.map((use, index) => ({ ...use, shards: byShard.map((records) => phaseOf(records[index])) }));
    },
  };
}

/** A breaker that has nothing wrong has no record; otherwise its first byte is the phase, which is text as well. */
function phaseOf(record: string | null | undefined): BreakerStates['shards'][number] {
  return PHASES[record?.charCodeAt(0) ?? 0] ?? 'closed';
}
