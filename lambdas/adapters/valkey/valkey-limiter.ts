import type { BucketCheck, BucketVerdict, LimitDecision, Limiter } from '../limiter.ts';
import { ADMISSION_SCRIPT, ADMISSION_SHA } from './admission-script.ts';
import type { ValkeyCommands } from './open-connection.ts';
import { StoreError, type ValkeyStore } from './valkey-store.ts';

/**
 * Tag of the shard that a limiter's keys live in. All keys of one script must share a slot of the cluster; there is one
 * shard for now.
 */
export const SHARD_TAG = '{0}';

/** Counts in the shared store, in one round trip; while the store is gone, `onStoreFailure` decides. */
export function createValkeyLimiter(store: Pick<ValkeyStore, 'run'>, onStoreFailure: Limiter): Limiter {
  return {
    async decide(checks) {
      if (checks.length === 0) return { allowed: true, decidedBy: 'allow', verdicts: [] };
      try {
        return readReply(await store.run((commands) => admit(commands, checks)), checks.length);
      } catch (error) {
        if (error instanceof StoreError) return onStoreFailure.decide(checks);
        throw error;
      }
    },
  };
}

/** Sends the script's name, and the script itself only to a store that does not know it (any more). */
async function admit(commands: ValkeyCommands, checks: readonly BucketCheck[]): Promise<unknown> {
  const keysAndArguments: string[] = checks.map(({ key }) => `${SHARD_TAG}:limit:${key}`);
  for (const { ratePerSecond, burst, cost } of checks) {
    keysAndArguments.push(String(ratePerSecond), String(burst), String(cost));
  }
  try {
    return await commands.evalsha(ADMISSION_SHA, checks.length, ...keysAndArguments);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return commands.eval(ADMISSION_SCRIPT, checks.length, ...keysAndArguments);
  }
}

/** `[allowed, remaining, wait, reset, remaining, …]`, all text. */
function readReply(reply: unknown, count: number): LimitDecision {
  if (!Array.isArray(reply) || reply.length !== 1 + 3 * count) {
    throw new RangeError(`the admission script must reply with ${1 + 3 * count} values, got ${JSON.stringify(reply)}`);
  }
  const verdicts = Array.from({ length: count }, (_, index) => {
    const [remaining, waitMs, resetMs] = reply.slice(1 + 3 * index, 4 + 3 * index).map(Number);
    return verdict(remaining ?? 0, waitMs ?? 0, resetMs ?? 0);
  });
  return { allowed: reply[0] === '1', decidedBy: 'store', verdicts };
}

function verdict(remaining: number, waitMs: number, resetMs: number): BucketVerdict {
  const never = waitMs < 0;
  return { allowed: waitMs === 0, remaining, waitMs: never ? Number.POSITIVE_INFINITY : waitMs, resetMs };
}
