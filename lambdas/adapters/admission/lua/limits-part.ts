import { limitNumbers } from '../limit-codec.ts';
import type { LimitPlan, PlannedCheck, PlannedKey } from '../limit-plan.ts';
import { LIMITER_CODE } from './limiter-code.ts';
import { type LogCode, logCode } from './log-code.ts';
import { bytesOf, type Packed } from './packed.ts';
import { packedRecord, type RecordEntry, type RecordNames, readRecord, writeRecord } from './record-code.ts';
import type { ScriptNumbers } from './script-numbers.ts';

/** The lines of all limits in the script of admission, and what they add to its reply. */
export interface LimitsCode {
  /** Reads `verdict`; raises it to 1 where a limit denies, and sets `admit`: whether anything is to be taken. */
  readonly look: string;
  /** @param from where the reply has what is said of limits */
  readonly commit: (from: number) => string;
  /**
   * Of each limit in the plan's order the 12 bytes that its record would have, of a log used units, time of the newest
   * and of the blocking entry; then of each limit on a dry run whether it was taken from.
   */
  readonly reply: readonly Packed[];
}

/** Finds out how keys and values are called: by the place of a key in the plan. */
export interface KeyNames {
  readonly key: (place: number) => string;
  readonly value: (place: number) => string;
}

/** What one key of the plan, a record or a log, adds to the script. */
interface KeyCode {
  readonly look: string;
  readonly take: string;
  readonly end: string;
  /** @param from where the reply has what is said of it */
  readonly write: (from: number) => string;
  readonly reply: Packed;
}

/**
 * All limits of a request, by all of their subjects; twin of `resilience/limiters/decide-limits.ts`. First all are moved
 * on to now and looked at, then either all are taken from or none; a limit on a dry run only where it fits itself.
 */
export function limitsCode(plan: LimitPlan, numbers: ScriptNumbers, names: KeyNames): LimitsCode {
  const keys = plan.keys.map((key, place) =>
    key.prefix === '' ? recordOf(plan, key, place, numbers, names) : logOf(plan, key, place, numbers, names),
  );
  const places = plan.keys.flatMap(({ checks }) => checks);
  const checkOf = (place: number) => plan.limits[place] as PlannedCheck;
  const enforced = places.filter((place) => !checkOf(place).dryRun).map((place) => `fits${place}`);
  const dry = places.filter((place) => checkOf(place).dryRun);
  const all = (part: 'look' | 'take' | 'end') => keys.map((key) => key[part]).join('');
  const replies = keys.map(({ reply }) => reply);
  return {
    look: `${all('look')}local admit = verdict == 0 or verdict == 3
${enforced.length === 0 ? '' : `if admit and not (${enforced.join(' and ')}) then admit, verdict = false, 1 end\n`}if admit then
${all('take')}end
${all('end')}`,
    commit: (from) => keys.map(({ write }, place) => write(from + bytesOf(replies.slice(0, place)))).join(''),
    reply: [...replies, ...dry.map(flagOf)],
  };
}

/** Whether a limit on a dry run was taken from: 1 or 0. */
function flagOf(place: number): Packed {
  return { format: 'B', values: [`admit and fits${place} and 1 or 0`], bytes: 1 };
}

/** When a limit is taken from, once the request is admitted. */
function spendsOf({ cost, dryRun }: PlannedCheck, place: number): string | undefined {
  if (cost === 0) return undefined;
  return dryRun ? `fits${place}` : 'true';
}

function taken(spends: string | undefined, take: string): string {
  if (spends === undefined) return '';
  return spends === 'true' ? `${take}\n` : `if ${spends} then ${take} end\n`;
}

function recordOf(plan: LimitPlan, key: PlannedKey, number: number, numbers: ScriptNumbers, names: KeyNames): KeyCode {
  const entries = key.checks.map((place): RecordEntry => {
    const check = plan.limits[place] as PlannedCheck;
    const { algorithm } = check.limit;
    if (algorithm === 'sliding-log') throw new TypeError('a sliding log has a key of its own');
    const { x, y, unit } = limitNumbers(check.limit);
    const state = { a: `a${place}`, b: `b${place}`, c: `c${place}`, fits: `fits${place}`, keep: `keep${number}` };
    return {
      number: place,
      id: check.id,
      code: LIMITER_CODE[algorithm],
      names: { ...state, x: numbers.of(x), y: numbers.of(y), cost: numbers.of(check.cost * unit) },
      spends: spendsOf(check, place),
    };
  });
  const record: RecordNames = {
    ...{ number, key: names.key(number), value: names.value(number), entries },
    ttl: numbers.of(String(key.ttlMs)),
  };
  const each = (of: (entry: RecordEntry) => string) => entries.map(of).join('');
  return {
    look: `${readRecord(record)}${each((entry) => entry.code.look(entry.names))}`,
    take: each(({ code, names, spends }) => taken(spends, code.take(names))),
    end: each((entry) => entry.code.end(entry.names)),
    write: (from) => writeRecord(record, from),
    reply: packedRecord(record),
  };
}

function logOf(plan: LimitPlan, key: PlannedKey, number: number, numbers: ScriptNumbers, names: KeyNames): KeyCode {
  const check = plan.limits[key.check] as PlannedCheck;
  const { x, y } = limitNumbers(check.limit);
  const log: LogCode = logCode({
    ...{ number: key.check, key: names.key(number), value: names.value(number) },
    ...{ x: numbers.of(x), y: numbers.of(y), cost: numbers.of(check.cost), ttl: numbers.of(String(key.ttlMs)) },
  });
  const spends = spendsOf(check, key.check);
  const isWritten = spends === 'true' ? 'admit' : `admit and ${spends}`;
  return {
    look: log.look,
    take: taken(spends, log.take),
    end: '',
    write: () => (spends === undefined ? '' : `if ${isWritten} then ${log.write} end\n`),
    reply: log.reply,
  };
}
