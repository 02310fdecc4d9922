import { type CommandGroup, read, write } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';
import { type ExpiryUnit, parsePositiveExpiry, SYNTAX_ERROR } from '../parse-argument.ts';
import { CommandError, OK, type Reply } from '../reply.ts';

interface SetOptions {
  readonly condition: 'NX' | 'XX' | undefined;
  readonly returnsOld: boolean;
  readonly keepsExpiry: boolean;
  readonly expiresAtMs: number | undefined;
}

export const strings: CommandGroup = {
  get: read(2, ([key = ''], { store }) => store.get(key, 'string') ?? null),
  set: write(-3, ([key = '', value = '', ...options], { store }) => set(store, key, value, options)),
  setex: write(4, ([key = '', amount = '', value = ''], { store }) => setFor(store, key, value, amount, 'EX', 'setex')),
  psetex: write(4, ([key = '', amount = '', value = ''], { store }) =>
    setFor(store, key, value, amount, 'PX', 'psetex'),
  ),
  setnx: write(3, ([key = '', value = ''], { store }) => {
    if (store.has(key)) return 0;
    store.setString(key, value);
    return 1;
  }),
  getset: write(3, ([key = '', value = ''], { store }) => {
    const old = store.get(key, 'string') ?? null;
    store.setString(key, value);
    return old;
  }),
  getdel: write(2, ([key = ''], { store }) => {
    const old = store.get(key, 'string') ?? null;
    store.delete(key);
    return old;
  }),
  getex: write(-2, ([key = '', ...options], { store }) => getEx(store, key, options)),
  mget: read(-2, (keys, { store }) => keys.map((key) => textOrNil(store, key))),
  mset: write(-3, (pairs, { store }) => {
    if (pairs.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments for 'mset' command");
    for (let index = 0; index < pairs.length; index += 2) store.setString(pairs[index] ?? '', pairs[index + 1] ?? '');
    return OK;
  }),
  append: write(3, ([key = '', tail = ''], { store }) => {
    const value = (store.get(key, 'string') ?? '') + tail;
    store.setString(key, value, store.expiresAtMs(key));
    return value.length;
  }),
  strlen: read(2, ([key = ''], { store }) => store.get(key, 'string')?.length ?? 0),
};

function set(store: Keyspace, key: string, value: string, words: readonly string[]): Reply {
  const options = parseSetOptions(words, store.nowMs);
  const old = options.returnsOld ? (store.get(key, 'string') ?? null) : null;
  const isRefused = options.condition !== undefined && store.has(key) !== (options.condition === 'XX');
  if (isRefused) return old;
  store.setString(key, value, options.keepsExpiry ? store.expiresAtMs(key) : options.expiresAtMs);
  return options.returnsOld ? old : OK;
}

function parseSetOptions(words: readonly string[], nowMs: number): SetOptions {
  let condition: SetOptions['condition'];
  let returnsOld = false;
  let keepsExpiry = false;
  let expiry: { unit: ExpiryUnit; amount: string } | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]?.toUpperCase();
    const next = words[index + 1];
    if ((word === 'NX' || word === 'XX') && (condition === undefined || condition === word)) condition = word;
    else if (word === 'GET') returnsOld = true;
    else if (word === 'KEEPTTL' && expiry === undefined) keepsExpiry = true;
    else if (isExpiryUnit(word) && next !== undefined && expiry === undefined && !keepsExpiry) {
      expiry = { unit: word, amount: next };
      index += 1;
    } else throw new CommandError(SYNTAX_ERROR);
  }
  const expiresAtMs = expiry && parsePositiveExpiry(expiry.amount, expiry.unit, nowMs, 'set');
  return { condition, returnsOld, keepsExpiry, expiresAtMs };
}

function setFor(store: Keyspace, key: string, value: string, amount: string, unit: ExpiryUnit, name: string): Reply {
  store.setString(key, value, parsePositiveExpiry(amount, unit, store.nowMs, name));
  return OK;
}

function getEx(store: Keyspace, key: string, [word, amount, ...rest]: readonly string[]): Reply {
  const option = word?.toUpperCase();
  const isPersist = option === 'PERSIST' && amount === undefined;
  const isExpiry = isExpiryUnit(option) && amount !== undefined && rest.length === 0;
  if (option !== undefined && !isPersist && !isExpiry) throw new CommandError(SYNTAX_ERROR);
  const value = store.get(key, 'string');
  if (value === undefined) return null;
  if (isPersist) store.expireAt(key, undefined);
  if (isExpiry) {
    store.expireAt(key, parsePositiveExpiry(amount, option, store.nowMs, 'getex'));
  }
  return value;
}

function isExpiryUnit(word: string | undefined): word is ExpiryUnit {
  return word === 'EX' || word === 'PX' || word === 'EXAT' || word === 'PXAT';
}

function textOrNil(store: Keyspace, key: string): string | null {
  return store.type(key) === 'string' ? (store.get(key, 'string') ?? null) : null;
}
