import type { Limit, LimitVerdict } from '../../resilience/limiters/limit.ts';
import type { LimitCheck } from './admission.ts';
import { ENTRY_BYTES, LOG_VIEW_BYTES, limitNumbers, readLimit, storedMark } from './limit-codec.ts';

/** What makes the key of a subject, or of the log that a limit keeps of it. */
export interface PlannedKey {
  /** Whose subject it is: place of a check. */
  readonly check: number;
  /** Of a log, which has a key of its own: id of the limit in base 36 and a colon; else empty. */
  readonly prefix: string;
  readonly ttlMs: number;
  /** Checks in this record, in ascending order of ids. */
  readonly checks: readonly number[];
}

/** One check of a plan, and where the reply has what became of it. */
export interface PlannedCheck {
  readonly id: number;
  readonly limit: Limit;
  readonly cost: number;
  readonly dryRun: boolean;
  readonly settled: boolean;
  /** Where its bytes begin, after the first byte of all limits. */
  readonly offset: number;
  /** Place of its flag among those of limits on a dry run. */
  readonly flag: number;
}

/** What the scripts are made from: the same for all requests that differ only in their subjects. */
export interface LimitPlan {
  readonly keys: readonly PlannedKey[];
  /** In the order of the checks. */
  readonly limits: readonly PlannedCheck[];
}

/**
 * @param limitOf the limit that counts for a check: scaled by levers, or a shard's part of it.
 * @throws RangeError for two limits of one id and subject.
 */
export function createLimitPlan(checks: readonly LimitCheck[], limitOf: (check: LimitCheck) => Limit): LimitPlan {
  const keys = plannedKeys(checks, limitOf);
  const offsets = new Map<number, number>();
  let bytes = 0;
  for (const { prefix, checks: places } of keys) {
    for (const place of places) {
      offsets.set(place, bytes);
      bytes += prefix === '' ? ENTRY_BYTES : LOG_VIEW_BYTES;
    }
  }
  // The flags follow in the order of the plan, not of the checks.
  const flags = keys.flatMap((key) => key.checks).filter((place) => checks[place]?.dryRun);
  return {
    keys,
    limits: checks.map((check, place) => ({
      id: check.id,
      limit: limitOf(check),
      cost: check.cost,
      dryRun: check.dryRun,
      settled: check.settled ?? false,
      offset: offsets.get(place) ?? 0,
      flag: bytes + flags.indexOf(place),
    })),
  };
}

/** What a reply says of the limits, in the order of the checks. */
export interface StoredLimits {
  readonly verdicts: readonly LimitVerdict[];
  /** Names of the reservations; undefined where nothing was taken, or nothing will be settled. */
  readonly marks: readonly (number | undefined)[];
}

/** @param taken whether enforced limits were taken from */
export function readLimits(plan: LimitPlan, reply: Buffer, from: number, nowMs: number, taken: boolean): StoredLimits {
  const verdicts: LimitVerdict[] = [];
  const marks: (number | undefined)[] = [];
  for (const { limit, cost, dryRun, settled, offset, flag } of plan.limits) {
    const wasTaken = dryRun ? reply[from + flag] === TAKEN : taken;
    const { verdict, mark } = readLimit(limit, reply, from + offset, { nowMs, cost, taken: wasTaken, settled });
    verdicts.push(verdict);
    marks.push(mark);
  }
  return { verdicts, marks };
}

const TAKEN = 1;

/** Keys and numbers of the charges and refunds of one request. */
export interface Settlement {
  /** Places of the keys in the plan. */
  readonly keys: readonly number[];
  readonly numbers: readonly (number | string)[];
}

/** @param marks of each limit; undefined where nothing was taken, so that nothing is to be settled. */
export function planSettlement(
  plan: LimitPlan,
  marks: readonly (number | undefined)[],
  cost: number,
): Settlement | undefined {
  const keys: number[] = [];
  const numbers: (number | string)[] = [];
  for (const [place, key] of plan.keys.entries()) {
    const due = key.checks.flatMap((check) => dueOf(plan, check, marks[check], cost));
    if (due.length === 0) continue;
    keys.push(place);
    numbers.push(String(key.ttlMs), key.prefix === '' ? due.length : 0);
    for (const { id, kind, x, y, amount, mark } of due) {
      if (key.prefix === '') numbers.push(id, kind, x, y, amount, mark);
      else numbers.push(x, y, amount, mark);
    }
  }
  return keys.length === 0 ? undefined : { keys, numbers: [keys.length, ...numbers] };
}

function dueOf({ limits }: LimitPlan, place: number, mark: number | undefined, cost: number) {
  const planned = limits[place];
  if (planned === undefined || !planned.settled || mark === undefined || cost === planned.cost) return [];
  const { kind, x, y, unit } = limitNumbers(planned.limit);
  const amount = (cost - planned.cost) * unit;
  return [{ id: planned.id, kind, x, y, amount, mark: storedMark(planned.limit, mark) }];
}

function plannedKeys(checks: readonly LimitCheck[], limitOf: (check: LimitCheck) => Limit): PlannedKey[] {
  const records = new Map<string, number[]>();
  const logs: PlannedKey[] = [];
  for (const [place, check] of checks.entries()) {
    const twin = checks.findIndex(({ id, subject }) => id === check.id && subject === check.subject);
    if (twin !== place)
      throw new RangeError(`limit id ${check.id} is used twice: '${checks[twin]?.policy}', '${check.policy}'`);
    if (limitOf(check).algorithm === 'sliding-log') {
      const { ttlMs } = limitNumbers(limitOf(check));
      logs.push({ check: place, prefix: `${check.id.toString(36)}:`, ttlMs, checks: [place] });
    } else {
      records.set(check.subject, [...(records.get(check.subject) ?? []), place]);
    }
  }
  const idOf = (place: number) => (checks[place] as LimitCheck).id;
  const ttlOf = (place: number) => limitNumbers(limitOf(checks[place] as LimitCheck)).ttlMs;
  return [
    ...[...records.values()].map((places) => ({
      check: places[0] as number,
      prefix: '',
      ttlMs: Math.max(...places.map(ttlOf)),
      checks: places.sort((a, b) => idOf(a) - idOf(b)),
    })),
    ...logs,
  ];
}
