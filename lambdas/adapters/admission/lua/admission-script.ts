import { createHash } from 'node:crypto';
import { BREAKER_COMMIT, BREAKER_LOOK } from './breaker-part.ts';
import { HEAD_PART } from './head-part.ts';
import { LIMITS_COMMIT, LIMITS_LOOK } from './limits-part.ts';
import { LOAD_COMMIT, LOAD_LOOK } from './load-part.ts';

/** Everything after the clock: all parts look, and then, knowing the verdict, all of them write. */
export const ADMISSION_BODY = `${BREAKER_LOOK}${LOAD_LOOK}${LIMITS_LOOK}${BREAKER_COMMIT}${LOAD_COMMIT}${LIMITS_COMMIT}
return pack('<Bd', verdict, now) .. reply .. limits .. flags
`;

/** Of the verdict and the time, before what the parts say. */
export const VERDICT_BYTES = 9;

/** The whole decision about a request, as it runs in the store; its plan is the first argument. */
export const ADMISSION_SCRIPT = `${HEAD_PART}${ADMISSION_BODY}`;

/** Name under which a store that has seen the script keeps it. */
export const ADMISSION_SHA = shaOf(ADMISSION_SCRIPT);

export type PlanNumbers = readonly (number | string)[];

/**
 * The same with its plan written in, which saves a sixth of its time: to read a plan costs as much as to read and write
 * a key. For plans that last, since a store may keep every script that it has seen until it is started anew.
 */
export function plannedScript(plan: PlanNumbers): string {
  return ADMISSION_SCRIPT.replace('cjson.decode(ARGV[1])', () => `{ ${plan.map(literal).join(', ')} }`);
}

/** Text stays text; a whole number is written as a fraction, so that Lua 5.4 also computes with doubles. */
function literal(value: number | string): string {
  const text = JSON.stringify(value);
  return typeof value === 'number' && Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

export function shaOf(script: string): string {
  return createHash('sha1').update(script).digest('hex');
}
