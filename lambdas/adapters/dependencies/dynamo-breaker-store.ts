import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { claimProbe, lookAtShared, recordShared, type SharedBreakerState } from '../../resilience/shared-breaker.ts';
import type { Clock } from '../clock.ts';
import { breakerLifeMs, breakerOf, probeLeaseMs } from './breaker-of.ts';
import { type BreakerRecord, fromBreakerRecord, toBreakerRecord } from './breaker-record.ts';
import type { BreakerReport, BreakerStore, ClaimedBreakerView, Dependency, ForcedBreaker } from './breaker-store.ts';

/** Attributes of the partition key and of the TTL (seconds). */
const KEY = 'breaker';
const TTL = 'expiresAt';
/** Writers that are told apart by the version: more often in vain, and a call more or less does not matter. */
const WRITES_MAX = 3;

const BreakerItem = v.object({
  version: v.string(),
  phase: v.picklist(['closed', 'open', 'half-open']),
  tillMs: v.number(),
  window: v.string(),
});

/** What the table held when it was read; without a version nothing. */
interface Known {
  readonly state: SharedBreakerState | undefined;
  readonly version: string | undefined;
  readonly atMs: number;
}

export interface DynamoBreakerStoreOptions {
  /** Its retries should be few: a breaker must not take longer than what it guards. */
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly service: string;
  /** Lambda keeps the clocks of its environments within milliseconds of each other. */
  readonly clock: Clock;
  /** For so long a state is taken for current without being read again, in ms. @default 1000 */
  readonly cacheMs?: number;
  readonly forced?: (dependency: string) => ForcedBreaker | undefined;
  readonly whileGone: BreakerStore;
  /** Told of every failure of the table. */
  readonly onFailure?: (error: unknown) => void;
  /** Gives names that never come again. */
  readonly newVersion: () => string;
}

/**
 * Breakers for services without a cache. Every write is conditional on the version that was read, so that of any number
 * of environments one claims half-open, and no call's outcome overwrites another's. A healthy breaker has no item, and
 * nothing is written for it.
 */
export function createDynamoBreakerStore(options: DynamoBreakerStoreOptions): BreakerStore {
  const table = new BreakerTable(options);
  const { forced, whileGone, onFailure } = options;
  const orElse = async <T>(attempt: () => Promise<T>, instead: () => Promise<T>): Promise<T> => {
    try {
      return await attempt();
    } catch (error) {
      onFailure?.(error);
      return instead();
    }
  };
  const lookAt = async (dependency: Dependency): Promise<ClaimedBreakerView> => {
    const { name } = dependency;
    const state = forced?.(name);
    if (state !== undefined) return { name, state, isProbe: false, isWatched: false, retryMs: 0, claimMs: 0 };
    return orElse(
      () => table.look(dependency),
      async () => (await whileGone.look([dependency]))[0] as ClaimedBreakerView,
    );
  };
  return {
    look: (dependencies) => Promise.all(dependencies.map(lookAt)),
    async record(reports) {
      const one = (report: BreakerReport) =>
        orElse(
          () => table.record(report),
          () => whileGone.record([report]),
        );
      await Promise.all(reports.map(one));
    },
  };
}

class BreakerTable {
  readonly #options: DynamoBreakerStoreOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: DynamoBreakerStoreOptions) {
    this.#options = options;
  }

  async look(dependency: Dependency): Promise<ClaimedBreakerView> {
    const { name, spec } = dependency;
    const known = await this.#current(dependency);
    const nowMs = this.#options.clock.now();
    const { phase, mayProbe, retryMs } = lookAtShared(breakerOf(spec), known.state, nowMs);
    const claimed =
      mayProbe && known.state !== undefined
        ? claimProbe(breakerOf(spec), known.state, nowMs, probeLeaseMs(spec))
        : undefined;
    const isProbe = claimed !== undefined && (await this.#write(dependency, known, claimed));
    return {
      name,
      // The machine that is shared has no other phases: levers are applied before.
      state: phase === 'open' || phase === 'half-open' ? phase : 'closed',
      isProbe,
      isWatched: known.state !== undefined,
      retryMs,
      claimMs: isProbe ? claimed.claimMs : 0,
    };
  }

  async record({ dependency, outcomes, claimMs }: BreakerReport): Promise<void> {
    const breaker = breakerOf(dependency.spec);
    let known = await this.#current(dependency);
    for (let write = 1; write <= WRITES_MAX; write += 1) {
      const next = recordShared(breaker, known.state, outcomes, claimMs, this.#options.clock.now());
      if (isSame(known.state, next) || (await this.#write(dependency, known, next))) return;
      known = await this.#read(dependency, true);
    }
  }

  async #current(dependency: Dependency): Promise<Known> {
    const known = this.#known.get(dependency.name);
    const { clock, cacheMs = 1_000 } = this.#options;
    if (known !== undefined && Math.abs(clock.now() - known.atMs) < cacheMs) return known;
    return this.#read(dependency, false);
  }

  async #read(dependency: Dependency, isConsistent: boolean): Promise<Known> {
    const { client, tableName, clock } = this.#options;
    const key = this.#key(dependency);
    const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: isConsistent });
    const { Item } = await client.send(command);
    const nowMs = clock.now();
    // DynamoDB deletes days later, so whoever reads looks at the time as well.
    const isOver = Item === undefined || (typeof Item[TTL] === 'number' && Item[TTL] * 1_000 <= nowMs);
    const item = Item === undefined ? undefined : v.parse(BreakerItem, Item);
    const known: Known = {
      state: item === undefined || isOver ? undefined : fromBreakerRecord(breakerOf(dependency.spec), item),
      version: item?.version,
      atMs: nowMs,
    };
    this.#known.set(dependency.name, known);
    return known;
  }

  /** Whether the table still had what was known of it, and now has `next`. */
  async #write(dependency: Dependency, known: Known, next: SharedBreakerState | undefined): Promise<boolean> {
    const { client, tableName, clock, newVersion } = this.#options;
    const nowMs = clock.now();
    const condition =
      known.version === undefined
        ? { ConditionExpression: 'attribute_not_exists(version)' }
        : { ConditionExpression: 'version = :known', ExpressionAttributeValues: { ':known': known.version } };
    const version = newVersion();
    const key = this.#key(dependency);
    const expiresAt = Math.ceil((nowMs + breakerLifeMs(dependency.spec)) / 1_000);
    try {
      if (next === undefined) await client.send(new DeleteCommand({ TableName: tableName, Key: key, ...condition }));
      else {
        const item = { ...key, ...toBreakerRecord(next), version, [TTL]: expiresAt };
        await client.send(new PutCommand({ TableName: tableName, Item: item, ...condition }));
      }
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Our own first attempt may have been written and its answer lost. Nobody else knows this version.
      const now = await this.#read(dependency, true);
      return next === undefined ? now.version === undefined : now.version === version;
    }
    this.#known.set(dependency.name, { state: next, version: next && version, atMs: nowMs });
    return true;
  }

  #key({ name }: Dependency) {
    return { [KEY]: `${this.#options.service}:${name}` };
  }
}

function isSame(before: SharedBreakerState | undefined, after: SharedBreakerState | undefined): boolean {
  const text = (state: SharedBreakerState | undefined) => state && recordText(toBreakerRecord(state));
  return text(before) === text(after);
}

function recordText({ phase, tillMs, window }: BreakerRecord): string {
  return `${phase} ${tillMs} ${window}`;
}
