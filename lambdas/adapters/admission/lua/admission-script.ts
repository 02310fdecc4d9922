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

/** The whole decision about a request, as it runs in the store. */
export const ADMISSION_SCRIPT = `${HEAD_PART}${ADMISSION_BODY}`;

/** Name under which a store that has seen the script keeps it. */
export const ADMISSION_SHA = createHash('sha1').update(ADMISSION_SCRIPT).digest('hex');
