import { type CommandGroup, read, write } from '../command.ts';
import { formatScore } from '../format-number.ts';
import type { Keyspace } from '../keyspace.ts';
import { parseFloat64, SYNTAX_ERROR } from '../parse-argument.ts';
import { CommandError, type Reply } from '../reply.ts';

type AddOption = 'NX' | 'XX' | 'GT' | 'LT' | 'CH' | 'INCR';
const ADD_OPTIONS: ReadonlySet<string> = new Set<AddOption>(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']);

/** Commands on single members; those on ranges are in `sorted-set-ranges.ts`. */
export const sortedSets: CommandGroup = {
  zadd: write(-4, ([key = '', ...words], { store }) => add(store, key, words)),
  zincrby: write(4, ([key = '', delta = '', member = ''], { store }) => {
    const update = updateScore(store, key, member, parseFloat64(delta), new Set(['INCR']));
    store.changed(key);
    return update.score === undefined ? null : formatScore(update.score);
  }),
  zrem: write(-3, ([key = '', ...members], { store }) => {
    const set = store.get(key, 'zset');
    const removed = members.filter((member) => set?.delete(member)).length;
    if (removed > 0) store.changed(key);
    return removed;
  }),
  zcard: read(2, ([key = ''], { store }) => store.get(key, 'zset')?.size ?? 0),
  zscore: read(3, ([key = '', member = ''], { store }) => {
    const score = store.get(key, 'zset')?.score(member);
    return score === undefined ? null : formatScore(score);
  }),
  zrank: read(3, ([key = '', member = ''], { store }) => store.get(key, 'zset')?.rank(member) ?? null),
};

function add(store: Keyspace, key: string, words: readonly string[]): Reply {
  const options = new Set<AddOption>();
  let first = 0;
  for (; isAddOption(words[first]?.toUpperCase()); first += 1) {
    const word = words[first]?.toUpperCase();
    if (isAddOption(word)) options.add(word);
  }
  const pairs = words.slice(first);
  if (pairs.length === 0 || pairs.length % 2 !== 0) throw new CommandError(SYNTAX_ERROR);
  assertCompatible(options, pairs.length / 2);
  // All scores are checked before the first is written.
  const scores = pairs.filter((_, index) => index % 2 === 0).map((text) => parseFloat64(text));
  const updates = scores.map((score, index) => updateScore(store, key, pairs[index * 2 + 1] ?? '', score, options));
  store.changed(key);
  if (options.has('INCR')) {
    const score = updates[0]?.score;
    return score === undefined ? null : formatScore(score);
  }
  return updates.filter(({ effect }) => effect === 'added' || (options.has('CH') && effect === 'changed')).length;
}

interface Update {
  readonly effect: 'added' | 'changed' | 'none' | 'refused';
  /** Undefined if the options refused the update. */
  readonly score: number | undefined;
}

function updateScore(
  store: Keyspace,
  key: string,
  member: string,
  amount: number,
  options: ReadonlySet<AddOption>,
): Update {
  const set = store.getOrCreate(key, 'zset');
  const old = set.score(member);
  const score = options.has('INCR') ? (old ?? 0) + amount : amount;
  if (Number.isNaN(score)) throw new CommandError('ERR resulting score is not a number (NaN)');
  const isRefused =
    (old === undefined && options.has('XX')) ||
    (old !== undefined &&
      (options.has('NX') || (options.has('GT') && score <= old) || (options.has('LT') && score >= old)));
  if (isRefused) return { effect: 'refused', score: undefined };
  if (score === old) return { effect: 'none', score };
  set.set(member, score);
  return { effect: old === undefined ? 'added' : 'changed', score };
}

function assertCompatible(options: ReadonlySet<AddOption>, pairs: number): void {
  if (options.has('NX') && options.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  const comparisons = ['GT', 'LT', 'NX'].filter((option) => options.has(option as AddOption));
  if (comparisons.length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (options.has('INCR') && pairs > 1) {
    throw new CommandError('ERR INCR option supports a single increment-element pair');
  }
}

function isAddOption(word: string | undefined): word is AddOption {
  return word !== undefined && ADD_OPTIONS.has(word);
}
