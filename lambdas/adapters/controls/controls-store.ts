import * as v from 'valibot';
import { Controls } from '../../contract/controls.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';
import { controlsKeys, demandKey, encodeControlsHeader } from './controls-header.ts';

/** What the controller remembers from one run to the next. */
const ControllerState = v.object({
  /** When it ran last. */
  atMs: v.number(),
  /** When CloudWatch answered last. */
  measuredAtMs: v.number(),
  /** As it is, not in the steps that are told. */
  overload: v.number(),
  /** Newest version of the levers that has been written to the audit log. */
  auditedVersion: v.number(),
  /** Fleet-wide policy → when its shares moved last, and what the demand counters showed then. */
  moves: v.record(v.string(), v.object({ atMs: v.number(), demand: v.array(v.number()) })),
});
export type ControllerState = v.InferOutput<typeof ControllerState>;

/** What the last run has left; both undefined at first, and after the cache was lost. */
export interface Remembered {
  readonly controls: Controls | undefined;
  readonly state: ControllerState | undefined;
}

/** The controls in the store. Everything rejects with `StoreError` while the store is gone. */
export interface ControlsStore {
  remembered(): Promise<Remembered>;
  /** Units of cost that each shard was asked for so far, by policy. */
  demand(policies: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>>;
  /** Tells every shard, and remembers. */
  write(controls: Controls, floor: number, state: ControllerState): Promise<void>;
}

/** Signals of a controller that died run out with their keys: nobody is shed for what was measured long ago. */
const CONTROLS_TTL_MS = 600_000;
/** Longer than the controls, so that a controller that comes back knows what it has audited. */
const STATE_TTL_MS = 86_400_000;
const STATE_KEY = '{0}controls:state';

export function createControlsStore(store: Pick<ValkeyStore, 'run'>, shards: number): ControlsStore {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  return {
    async remembered() {
      const keys = [controlsKeys(0).detail, STATE_KEY];
      const [detail, state] = await store.run((commands) => commands.mget(keys));
      return { controls: read(Controls, detail), state: read(ControllerState, state) };
    },
    async demand(policies) {
      if (policies.length === 0) return {};
      const byShard = await Promise.all(
        all.map((shard) => store.run((commands) => commands.mget(policies.map((policy) => demandKey(shard, policy))))),
      );
      const entries = policies.map((policy, index) => [
        policy,
        byShard.map((counts) => Number(counts[index] ?? 0) || 0),
      ]);
      return Object.fromEntries(entries);
    },
    async write(controls, floor, state) {
      const { version, overload } = controls;
      const header = encodeControlsHeader({ version, overload, floor });
      const detail = JSON.stringify(controls);
      await Promise.all(
        all.map(async (shard) => {
          const keys = controlsKeys(shard);
          // First the detail: whoever sees the new version reads it at once.
          await store.run((commands) => commands.set(keys.detail, detail, 'PX', CONTROLS_TTL_MS));
          await store.run((commands) => commands.set(keys.header, header, 'PX', CONTROLS_TTL_MS));
        }),
      );
      await store.run((commands) => commands.set(STATE_KEY, JSON.stringify(state), 'PX', STATE_TTL_MS));
    },
  };
}

/** What an older version of this function, or nobody, has written counts as nothing. */
function read<const S extends v.GenericSchema>(
  schema: S,
  text: string | null | undefined,
): v.InferOutput<S> | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return result.success ? result.output : undefined;
}
