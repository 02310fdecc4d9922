import { type CommandGroup, read, write } from '../command.ts';
import { formatScore } from '../format-number.ts';
import type { Keyspace } from '../keyspace.ts';
import { parseInteger, parseScoreBound, type ScoreBound, SYNTAX_ERROR } from '../parse-argument.ts';
import { CommandError, type Reply } from '../reply.ts';
import { sliceBounds } from '../slice-bounds.ts';
import type { ScoredMember, SortedSet } from '../sorted-set.ts';

interface RangeOptions {
  readonly isByScore: boolean;
  readonly isReversed: boolean;
  readonly hasScores: boolean;
  readonly limit: { readonly offset: number; readonly count: number } | undefined;
}

type Interval = [start: number, end: number];

export const sortedSetRanges: CommandGroup = {
  zrange: read(-4, (args, { store }) => range(store, args, parseOptions(args.slice(3), true))),
  zrevrange: read(-4, (args, { store }) => {
    const options = parseOptions(args.slice(3), false);
    if (options.limit !== undefined) throw limitWithoutScores();
    return range(store, args, { ...options, isReversed: true });
  }),
  zrangebyscore: read(-4, (args, { store }) =>
    range(store, args, { ...parseOptions(args.slice(3), false), isByScore: true }),
  ),
  zrevrangebyscore: read(-4, (args, { store }) =>
    range(store, args, { ...parseOptions(args.slice(3), false), isByScore: true, isReversed: true }),
  ),
  zcount: read(4, ([key = '', min = '', max = ''], { store }) => {
    const bounds = [parseScoreBound(min), parseScoreBound(max)] as const;
    const set = store.get(key, 'zset');
    if (set === undefined) return 0;
    const [start, end] = byScore(set, ...bounds);
    return end - start;
  }),
  zremrangebyscore: write(4, ([key = '', min = '', max = ''], { store }) => {
    const bounds = [parseScoreBound(min), parseScoreBound(max)] as const;
    const set = store.get(key, 'zset');
    return set === undefined ? 0 : remove(store, key, set, byScore(set, ...bounds));
  }),
  zremrangebyrank: write(4, ([key = '', start = '', stop = ''], { store }) => {
    const [from, to] = [parseInteger(start), parseInteger(stop)];
    const set = store.get(key, 'zset');
    return set === undefined ? 0 : remove(store, key, set, sliceBounds(from, to, set.size));
  }),
};

function range(store: Keyspace, [key = '', first = '', second = '']: readonly string[], options: RangeOptions): Reply {
  const { isByScore, isReversed, limit } = options;
  // With REV, by score, the higher bound comes first.
  const bounds = isByScore
    ? ([parseScoreBound(isReversed ? second : first), parseScoreBound(isReversed ? first : second)] as const)
    : undefined;
  const positions = isByScore ? undefined : ([parseInteger(first), parseInteger(second)] as const);
  const set = store.get(key, 'zset');
  if (set === undefined) return [];
  let members: readonly ScoredMember[];
  if (bounds !== undefined) members = set.slice(...byScore(set, ...bounds));
  else members = set.slice(...byPosition(set.size, positions ?? [0, -1], isReversed));
  if (isReversed) members = members.toReversed();
  if (limit !== undefined) {
    const end = limit.count < 0 ? undefined : limit.offset + limit.count;
    members = limit.offset < 0 ? [] : members.slice(limit.offset, end);
  }
  return members.flatMap(({ member, score }) => (options.hasScores ? [member, formatScore(score)] : [member]));
}

/** Positions from the other end are the same interval mirrored. */
function byPosition(size: number, [start, stop]: readonly [number, number], isReversed: boolean): Interval {
  const [from, to] = sliceBounds(start, stop, size);
  return isReversed ? [size - to, size - from] : [from, to];
}

function byScore(set: SortedSet, min: ScoreBound, max: ScoreBound): Interval {
  const start = set.countBefore(({ score }) => score > min.score || (score === min.score && !min.isExclusive));
  const end = set.countBefore(({ score }) => score > max.score || (score === max.score && max.isExclusive));
  return [start, Math.max(start, end)];
}

function remove(store: Keyspace, key: string, set: SortedSet, interval: Interval): Reply {
  const members = set.slice(...interval);
  for (const { member } of members) set.delete(member);
  if (members.length > 0) store.changed(key);
  return members.length;
}

/** Options after key, start and stop; BYSCORE and REV are words of ZRANGE only. */
function parseOptions(words: readonly string[], isZrange: boolean): RangeOptions {
  const options = { isByScore: false, isReversed: false, hasScores: false, limit: undefined as RangeOptions['limit'] };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]?.toUpperCase();
    if (word === 'WITHSCORES') options.hasScores = true;
    else if (word === 'REV' && isZrange) options.isReversed = true;
    else if (word === 'BYSCORE' && isZrange) options.isByScore = true;
    else if (word === 'LIMIT' && words.length - index > 2) {
      options.limit = { offset: parseInteger(words[index + 1] ?? ''), count: parseInteger(words[index + 2] ?? '') };
      index += 2;
    } else throw new CommandError(SYNTAX_ERROR);
  }
  if (isZrange && options.limit !== undefined && !options.isByScore) throw limitWithoutScores();
  return options;
}

function limitWithoutScores(): CommandError {
  return new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
}
