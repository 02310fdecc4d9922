import { createHash } from 'node:crypto';
import type { LimitPlan } from '../limit-plan.ts';
import { breakerCode } from './breaker-part.ts';
import { CLOCK_PART } from './head-part.ts';
import { limitsCode } from './limits-part.ts';
import { type LoadPlan, loadCode } from './load-part.ts';
import { bytesOf, type Packed, packAll } from './packed.ts';
import { type PlanNumbers, ScriptNumbers } from './script-numbers.ts';

/** What a script decides. Its keys: one of each breaker, the load's record and the header of the controls, those of limits. */
export interface ScriptPlan {
  /** Numbers of each breaker, as `breakerPlan` makes them. */
  readonly breakers: readonly (readonly number[])[];
  /** Undefined where no load is measured. */
  readonly load: LoadPlan | undefined;
  readonly limits: LimitPlan;
  /** Whether the limits' numbers stay as they are, and so may be part of the script. */
  readonly isLasting: boolean;
}

/**
 * The whole decision about a request, as it runs in the store. Its arguments: the position of the request where load is
 * measured, and the numbers of the plan as JSON where there are any.
 */
export interface AdmissionScript {
  readonly text: string;
  readonly numbers: PlanNumbers;
}

/** Of the verdict and the time, before what the parts say. */
export const VERDICT_BYTES = 9;
const VERDICT: Packed = { format: 'Bd', values: ['verdict', 'now'], bytes: VERDICT_BYTES };

/**
 * Writes the script of one plan: a line for each thing that this plan asks, with nothing to loop over and nothing to look
 * up. First all parts look, and then, knowing the verdict, all of them write.
 */
export function admissionScript({ breakers, load, limits, isLasting }: ScriptPlan): AdmissionScript {
  const count = breakers.length + (load === undefined ? 0 : 2) + limits.keys.length;
  const numbers = new ScriptNumbers(isLasting);
  const key = (place: number) => `KEYS[${place + 1}]`;
  const value = (place: number) => (count === 1 ? 'value' : `values[${place + 1}]`);
  const breakerParts = breakers.map((plan, place) => breakerCode(plan, place, key(place), value(place)));
  const at = breakers.length;
  const loadPart =
    load && loadCode(load, { key: key(at), record: value(at), header: value(at + 1), position: 'ARGV[1]' });
  const first = at + (load === undefined ? 0 : 2);
  const limitsPart = limitsCode(limits, numbers, {
    key: (place) => key(first + place),
    value: (place) => value(first + place),
  });
  const before = [VERDICT, ...breakerParts.map(({ reply }) => reply), ...(loadPart ? [loadPart.reply] : [])];
  const keys = Array.from({ length: count }, (_, place) => key(place)).join(', ');
  return {
    numbers: numbers.argument,
    text: [
      CLOCK_PART,
      numbers.argument.length === 0 ? '' : 'local p = cjson.decode(ARGV[#ARGV])\n',
      count === 1 ? `local value = call('GET', ${keys})\n` : `local values = call('MGET', ${keys})\n`,
      'local verdict, t = 0, now - 1577836800000\n',
      ...breakerParts.map(({ look }) => look),
      loadPart?.look,
      limitsPart.look,
      ...breakerParts.map(({ commit }) => commit),
      `local reply = ${packAll([...before, ...limitsPart.reply])}\n`,
      loadPart?.commit,
      limitsPart.commit(bytesOf(before)),
      'return reply\n',
    ].join(''),
  };
}

/** Name under which a store that has seen the script keeps it. */
export function shaOf(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
