import { type CommandGroup, read, write } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';
import { parseFloat64, parseInt64 } from '../parse-argument.ts';
import { CommandError, OK } from '../reply.ts';
import { sumOfFloats, sumOfIntegers } from './counters.ts';

export const hashes: CommandGroup = {
  hset: write(-4, ([key = '', ...pairs], { store }) => setFields(store, key, pairs, 'hset')),
  hmset: write(-4, ([key = '', ...pairs], { store }) => {
    setFields(store, key, pairs, 'hmset');
    return OK;
  }),
  hsetnx: write(4, ([key = '', field = '', value = ''], { store }) => {
    if (store.get(key, 'hash')?.has(field)) return 0;
    return setFields(store, key, [field, value], 'hsetnx');
  }),
  hget: read(3, ([key = '', field = ''], { store }) => store.get(key, 'hash')?.get(field) ?? null),
  hmget: read(-3, ([key = '', ...fields], { store }) => {
    const hash = store.get(key, 'hash');
    return fields.map((field) => hash?.get(field) ?? null);
  }),
  hgetall: read(2, ([key = ''], { store }) => [...(store.get(key, 'hash') ?? [])].flat()),
  hdel: write(-3, ([key = '', ...fields], { store }) => {
    const hash = store.get(key, 'hash');
    const deleted = fields.filter((field) => hash?.delete(field)).length;
    if (deleted > 0) store.changed(key);
    return deleted;
  }),
  hexists: read(3, ([key = '', field = ''], { store }) => (store.get(key, 'hash')?.has(field) ? 1 : 0)),
  hlen: read(2, ([key = ''], { store }) => store.get(key, 'hash')?.size ?? 0),
  hkeys: read(2, ([key = ''], { store }) => [...(store.get(key, 'hash')?.keys() ?? [])]),
  hvals: read(2, ([key = ''], { store }) => [...(store.get(key, 'hash')?.values() ?? [])]),
  hincrby: write(4, ([key = '', field = '', delta = ''], { store }) => {
    const amount = parseInt64(delta);
    const current = store.get(key, 'hash')?.get(field) ?? '0';
    const sum = sumOfIntegers(current, amount, 'ERR hash value is not an integer');
    setFields(store, key, [field, String(sum)], 'hincrby');
    return sum;
  }),
  hincrbyfloat: write(4, ([key = '', field = '', delta = ''], { store }) => {
    if (!Number.isFinite(parseFloat64(delta))) throw new CommandError('ERR value is NaN or Infinity');
    const current = store.get(key, 'hash')?.get(field) ?? '0';
    const sum = sumOfFloats(current, delta, 'ERR hash value is not a float');
    setFields(store, key, [field, sum], 'hincrbyfloat');
    return sum;
  }),
};

/** Sets fields from name, value, name, value…; returns how many are new. */
function setFields(store: Keyspace, key: string, pairs: readonly string[], commandName: string): number {
  if (pairs.length % 2 !== 0) throw new CommandError(`ERR wrong number of arguments for '${commandName}' command`);
  const hash = store.getOrCreate(key, 'hash');
  const sizeBefore = hash.size;
  for (let index = 0; index < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
  store.changed(key);
  return hash.size - sizeBefore;
}
