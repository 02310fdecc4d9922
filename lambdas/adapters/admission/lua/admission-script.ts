import { createHash } from 'node:crypto';
import type { LimitPlan } from '../limit-plan.ts';
import { BREAKER_REPLY_FORMAT, breakerCode } from './breaker-part.ts';
import { CLOCK_PART } from './head-part.ts';
import { limitsCode } from './limits-part.ts';
import { LOAD_REPLY_FORMAT, type LoadPlan, loadCode } from './load-part.ts';
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
  const formats = [...breakers.map(() => BREAKER_REPLY_FORMAT), ...(loadPart ? [LOAD_REPLY_FORMAT] : [])];
  const replies = [...breakerParts.map(({ reply }) => reply), ...(loadPart ? [loadPart.reply] : [])];
  return {
    numbers: numbers.argument,
    text: [
      CLOCK_PART,
      numbers.argument.length === 0 ? '' : 'local p = cjson.decode(ARGV[#ARGV])\n',
      count === 1 ? `local value = call('GET', KEYS[1])\n` : `local values = call('MGET', unpack(KEYS))\n`,
      'local verdict, t = 0, now - 1577836800000\n',
      ...breakerParts.map(({ look }) => look),
      loadPart?.look,
      limitsPart.look,
      ...breakerParts.map(({ commit }) => commit),
      `local reply = pack('<Bd${formats.join('')}', ${['verdict', 'now', ...replies].join(', ')})\n`,
      loadPart?.commit,
      limitsPart.commit,
      `return ${['reply', ...limitsPart.reply].join(' .. ')}\n`,
    ].join(''),
  };
}

/** Name under which a store that has seen the script keeps it. */
export function shaOf(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
