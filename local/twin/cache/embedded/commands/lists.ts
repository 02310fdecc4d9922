import { type CommandGroup, read, write } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';
import { parseInteger } from '../parse-argument.ts';
import { CommandError, NIL_ARRAY, type Reply } from '../reply.ts';
import { sliceBounds } from '../slice-bounds.ts';

type End = 'left' | 'right';

export const lists: CommandGroup = {
  lpush: write(-3, ([key = '', ...values], { store }) => push(store, key, values, 'left')),
  rpush: write(-3, ([key = '', ...values], { store }) => push(store, key, values, 'right')),
  lpop: write(-2, (args, { store }) => pop(store, args, 'left', 'lpop')),
  rpop: write(-2, (args, { store }) => pop(store, args, 'right', 'rpop')),
  llen: read(2, ([key = ''], { store }) => store.get(key, 'list')?.length ?? 0),
  lrange: read(4, ([key = '', start = '', stop = ''], { store }) => {
    const [from, to] = [parseInteger(start), parseInteger(stop)];
    const list = store.get(key, 'list') ?? [];
    return list.slice(...sliceBounds(from, to, list.length));
  }),
};

function push(store: Keyspace, key: string, values: readonly string[], end: End): Reply {
  const list = store.getOrCreate(key, 'list');
  for (const value of values) {
    if (end === 'left') list.unshift(value);
    else list.push(value);
  }
  store.changed(key);
  return list.length;
}

function pop(store: Keyspace, [key = '', countText, ...rest]: readonly string[], end: End, name: string): Reply {
  if (rest.length > 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
  const outOfRange = 'ERR value is out of range, must be positive';
  const count = countText === undefined ? 1 : parseInteger(countText, outOfRange);
  if (count < 0) throw new CommandError(outOfRange);
  const list = store.get(key, 'list');
  if (list === undefined) return countText === undefined ? null : NIL_ARRAY;
  const taken = end === 'left' ? list.splice(0, count) : list.splice(Math.max(0, list.length - count)).reverse();
  if (taken.length > 0) store.changed(key);
  return countText === undefined ? (taken[0] ?? null) : taken;
}
