import * as v from 'valibot';
import { Controls } from '../../contract/controls.ts';
import { createStoredScript } from '../valkey/stored-script.ts';
import type { ValkeyStore } from '../valkey/valkey-store.ts';
import { controlsKeys, demandKey, encodeControlsHeader } from './controls-header.ts';

/** What the controller remembers from one run to the next. */
const ControllerState = v.object({
  /** When it ran last. */
  atMs: v.number(),
  /** That it told; kept for longer than the controls, so that versions grow even so. */
  version: v.number(),
  /** When CloudWatch answered last. */
  measuredAtMs: v.number(),
  /** As it is, not in the steps that are told. */
  overload: v.number(),
  /** Newest version of the levers that has been written to the audit log; absent until their history could be read. */
  auditedVersion: v.optional(v.number()),
  /** Fleet-wide policy → when its shares moved last, and what the demand counters showed then. */
  moves: v.record(v.string(), v.object({ atMs: v.number(), demand: v.array(v.number()) })),
});
export type ControllerState = v.InferOutput<typeof ControllerState>;

/** What the last run has left; both undefined at first, and after the cache was lost. */
export interface Remembered {
  readonly controls: Controls | undefined;
  readonly state: ControllerState | undefined;
  /** Tells this run's word from any other's; empty where there is none. */
  readonly mark: string;
}

/** What one run has to say. */
export interface ControllerWord {
  readonly controls: Controls;
  readonly floor: number;
  readonly state: ControllerState;
}

/** The controls in the store. Everything rejects with `StoreError` while the store is gone. */
export interface ControlsStore {
  remembered(): Promise<Remembered>;
  /** Units of cost that each shard was asked for so far, by policy. */
  demand(policies: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>>;
  /**
   * Tells every shard, and remembers; false, and nothing is told, if another run has told something since `mark` was
   * remembered. Of runs at the same time one is first, and the others have to begin anew, from what that one has left. So
   * no version is ever told with two contents, and no shard goes back to an older one.
   */
  write(word: ControllerWord, mark: string): Promise<boolean>;
}

/** Signals of a controller that died run out with their keys: nobody is shed for what was measured long ago. */
const CONTROLS_TTL_MS = 600_000;
/** Longer than the controls, so that a controller that comes back knows what it has audited. */
const STATE_TTL_MS = 86_400_000;
const STATE_KEY = '{0}controls:state';

/**
 * Tells one shard what is not older than what it knows. In the first shard, whose key of the state is given as well, only
 * if the state is as the run has found it. ARGV: header, detail, and how long they live (ms); state, how long that lives,
 * and the state that was found. Header and detail change together: whoever sees the new version reads its detail.
 */
const tell = createStoredScript(`
local header, detail, state = KEYS[1], KEYS[2], KEYS[3]
if state and (redis.call('GET', state) or '') ~= ARGV[6] then return 0 end
local told = redis.call('GET', header)
if told and struct.unpack('<I4', told) > struct.unpack('<I4', ARGV[1]) then return 0 end
redis.call('SET', detail, ARGV[2], 'PX', ARGV[3])
redis.call('SET', header, ARGV[1], 'PX', ARGV[3])
if state then redis.call('SET', state, ARGV[4], 'PX', ARGV[5]) end
return 1
`);

export function createControlsStore(store: Pick<ValkeyStore, 'run'>, shards: number): ControlsStore {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  return {
    async remembered() {
      const keys = [controlsKeys(0).detail, STATE_KEY];
      const [detail, state] = await store.run((commands) => commands.mget(keys));
      return { controls: read(Controls, detail), state: read(ControllerState, state), mark: state ?? '' };
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
    async write({ controls, floor, state }, mark) {
      const { version, overload } = controls;
      const words = [
        encodeControlsHeader({ version, overload, floor }),
        JSON.stringify(controls),
        `${CONTROLS_TTL_MS}`,
      ];
      const { header, detail } = controlsKeys(0);
      const remembered = [JSON.stringify(state), `${STATE_TTL_MS}`, mark];
      // The first shard is where it is decided who was first.
      const isFirst = await store.run((commands) =>
        tell(commands, [header, detail, STATE_KEY], [...words, ...remembered]),
      );
      if (isFirst !== 1) return false;
      await Promise.all(
        all.slice(1).map((shard) => {
          const keys = controlsKeys(shard);
          return store.run((commands) => tell(commands, [keys.header, keys.detail], words));
        }),
      );
      return true;
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
