import type { BreakerStates } from '../../contract/limits.ts';
import { HEAD_PART } from '../admission/lua/head-part.ts';
import { breakerKey } from '../dependencies/breaker-plan.ts';
import { createStoredScript } from '../valkey/stored-script.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';

/** Looks at breakers without claiming a probe, as somebody who only wants to see them. */
export interface BreakerReader {
  /** @param dependencies of each service. Rejects with `StoreError` while the store is gone. */
  read(dependencies: Readonly<Record<string, readonly string[]>>): Promise<readonly BreakerStates[]>;
}

const PHASES = ['closed', 'open', 'half-open'] as const;

/**
 * The phase of each breaker, by the store's clock: a record says `open` until a request comes that may probe, though its
 * wait is over. One that has nothing wrong has no record.
 */
const readPhases = createStoredScript(`${HEAD_PART}
local phases = {}
for i = 1, #KEYS do
  local phase, till = 0, 0
  if values[i] then phase, till = look('<Bd', values[i]) end
  if phase == 1 and now > till then phase = 2 end
  phases[i] = phase
end
return phases
`);
const NO_PLAN = ['[]'];

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
          return store.run((commands) => readPhases(commands, keys, NO_PLAN)) as Promise<readonly number[]>;
        }),
      );
      return uses.map((use, index) => ({
        ...use,
        shards: byShard.map((phases) => PHASES[phases[index] ?? 0] ?? 'closed'),
      }));
    },
  };
}
