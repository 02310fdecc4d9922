import { type CommandGroup, write } from '../command.ts';
import { addDecimals } from '../format-number.ts';
import type { Keyspace } from '../keyspace.ts';
import { isInt64, NOT_AN_INTEGER, parseFloat64, parseInt64 } from '../parse-argument.ts';
import { CommandError, type Reply } from '../reply.ts';

export const counters: CommandGroup = {
  incr: write(2, ([key = ''], { store }) => add(store, key, 1n)),
  decr: write(2, ([key = ''], { store }) => add(store, key, -1n)),
  incrby: write(3, ([key = '', delta = ''], { store }) => add(store, key, parseInt64(delta))),
  decrby: write(3, ([key = '', delta = ''], { store }) => {
    const amount = -parseInt64(delta);
    if (!isInt64(amount)) throw new CommandError('ERR decrement would overflow');
    return add(store, key, amount);
  }),
  incrbyfloat: write(3, ([key = '', delta = ''], { store }) => {
    const sum = sumOfFloats(store.get(key, 'string') ?? '0', delta);
    store.setString(key, sum, store.expiresAtMs(key));
    return sum;
  }),
};

function add(store: Keyspace, key: string, delta: bigint): Reply {
  const sum = sumOfIntegers(store.get(key, 'string') ?? '0', delta, NOT_AN_INTEGER);
  store.setString(key, String(sum), store.expiresAtMs(key));
  return sum;
}

/** `current` + `delta` within 64 bits; `notAnInteger` is the message if the stored value is none. */
export function sumOfIntegers(current: string, delta: bigint, notAnInteger: string): bigint {
  const sum = parseInt64(current, notAnInteger) + delta;
  if (!isInt64(sum)) throw new CommandError('ERR increment or decrement would overflow');
  return sum;
}

/** `current` + `delta` as INCRBYFLOAT stores it; `notAFloat` is the message if the stored value is no number. */
export function sumOfFloats(current: string, delta: string, notAFloat?: string): string {
  parseFloat64(current, notAFloat);
  parseFloat64(delta);
  const sum = addDecimals(current, delta);
  if (sum === undefined) throw new CommandError('ERR increment would produce NaN or Infinity');
  return sum;
}
