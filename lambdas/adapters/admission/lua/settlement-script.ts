import { HEAD_PART } from './head-part.ts';
import { SETTLE_LOAD } from './load-part.ts';
import { SETTLE_LIMITS } from './settle-limits-part.ts';

/** Takes a request out of the books: its lease, its latency, its charges and refunds. Nobody waits for the reply. */
export const SETTLEMENT_SCRIPT = `${HEAD_PART}${SETTLE_LOAD}${SETTLE_LIMITS}`;
