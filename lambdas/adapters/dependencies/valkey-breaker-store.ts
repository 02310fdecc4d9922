import { BREAKER_LOOK_SCRIPT, BREAKER_RECORD_SCRIPT } from '../admission/lua/breaker-part.ts';
import { createStoredScript } from '../valkey/stored-script.ts';
import { StoreError, type ValkeyStore } from '../valkey/valkey-store.ts';
import { breakerKey, breakerPlan } from './breaker-plan.ts';
import { recordWords } from './breaker-recorder.ts';
import { breakerView } from './breaker-reply.ts';
import type { BreakerStore, ForcedBreaker } from './breaker-store.ts';

const look = createStoredScript(BREAKER_LOOK_SCRIPT);
const record = createStoredScript(BREAKER_RECORD_SCRIPT);

/** Whose breakers, and what to go by while the store is gone. */
export interface ValkeyBreakerStoreOptions {
  readonly store: Pick<ValkeyStore, 'run'>;
  readonly service: string;
  readonly shard: number;
  readonly forced?: (dependency: string) => ForcedBreaker | undefined;
  readonly whileGone: BreakerStore;
}

/** The breakers that admission reads in its own script; this is for what runs outside of requests, and for recording. */
export function createValkeyBreakerStore(options: ValkeyBreakerStoreOptions): BreakerStore {
  const { store, service, shard, forced, whileGone } = options;
  const keyOf = (name: string) => breakerKey(shard, service, name);
  return {
    async look(dependencies) {
      if (dependencies.length === 0) return [];
      const plan = dependencies.flatMap((one) => breakerPlan({ ...one, required: false }, forced?.(one.name)));
      const keys = dependencies.map(({ name }) => keyOf(name));
      const words = [JSON.stringify([dependencies.length, ...plan])];
      try {
        const reply = (await store.run((commands) => look(commands, keys, words))) as readonly number[];
        return dependencies.map(({ name }, index) =>
          breakerView(name, reply[2 * index] ?? Number.NaN, reply[2 * index + 1] ?? Number.NaN),
        );
      } catch (error) {
        if (error instanceof StoreError) return whileGone.look(dependencies);
        throw error;
      }
    },
    async record(reports) {
      if (reports.length === 0) return;
      const keys = reports.map(({ dependency }) => keyOf(dependency.name));
      try {
        await store.run((commands) => record(commands, keys, recordWords(reports)));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        await whileGone.record(reports);
      }
    },
  };
}
