import { type CommandGroup, read, write } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';
import { type ExpiryUnit, parseExpiry } from '../parse-argument.ts';
import { CommandError, type Reply } from '../reply.ts';

type Condition = 'NX' | 'XX' | 'GT' | 'LT';

export const expiry: CommandGroup = {
  expire: expireCommand('expire', 'EX'),
  pexpire: expireCommand('pexpire', 'PX'),
  expireat: expireCommand('expireat', 'EXAT'),
  pexpireat: expireCommand('pexpireat', 'PXAT'),
  ttl: read(2, ([key = ''], { store }) => {
    const leftMs = timeToLiveMs(store, key);
    // Rounded to the nearest second, as Redis does.
    return leftMs < 0 ? leftMs : Math.floor((leftMs + 500) / 1_000);
  }),
  pttl: read(2, ([key = ''], { store }) => timeToLiveMs(store, key)),
  persist: write(2, ([key = ''], { store }) => {
    if (store.expiresAtMs(key) === undefined) return 0;
    store.expireAt(key, undefined);
    return 1;
  }),
};

function expireCommand(name: string, unit: ExpiryUnit) {
  return write(-3, ([key = '', amount = '', ...options], { store }) => {
    const conditions = parseConditions(options);
    return expire(store, key, parseExpiry(amount, unit, store.nowMs, name), conditions);
  });
}

function expire(store: Keyspace, key: string, expiresAtMs: number, conditions: ReadonlySet<Condition>): Reply {
  if (!store.has(key)) return 0;
  const current = store.expiresAtMs(key);
  // A key that never expires counts as expiring at infinity.
  const isRefused =
    (conditions.has('NX') && current !== undefined) ||
    (conditions.has('XX') && current === undefined) ||
    (conditions.has('GT') && expiresAtMs <= (current ?? Infinity)) ||
    (conditions.has('LT') && expiresAtMs >= (current ?? Infinity));
  if (isRefused) return 0;
  if (expiresAtMs <= store.nowMs) store.delete(key);
  else store.expireAt(key, expiresAtMs);
  return 1;
}

function parseConditions(options: readonly string[]): ReadonlySet<Condition> {
  const conditions = new Set<Condition>();
  for (const option of options) {
    const word = option.toUpperCase();
    if (word !== 'NX' && word !== 'XX' && word !== 'GT' && word !== 'LT') {
      throw new CommandError(`ERR Unsupported option ${option}`);
    }
    conditions.add(word);
  }
  if (conditions.has('NX') && conditions.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (conditions.has('GT') && conditions.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return conditions;
}

/** Milliseconds left; −1: for ever; −2: no such key. */
function timeToLiveMs(store: Keyspace, key: string): number {
  if (!store.has(key)) return -2;
  const expiresAtMs = store.expiresAtMs(key);
  return expiresAtMs === undefined ? -1 : Math.max(0, expiresAtMs - store.nowMs);
}
