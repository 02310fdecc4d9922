import type { ClaimedBreakerView } from './breaker-store.ts';

const STATES = ['closed', 'open', 'half-open', 'disabled', 'forced-open'] as const;
const CLAIMED = 8;
const WATCHED = 16;

/** Reads the `BREAKER_REPLY_BYTES` of one breaker from a reply of admission: `<B` code, `d` detail. */
export function readBreakerReply(reply: Buffer, offset: number, name: string): ClaimedBreakerView {
  return breakerView(name, reply.readUInt8(offset), reply.readDoubleLE(offset + 1));
}

/**
 * What code and detail of a breaker in a script's reply mean.
 * @throws RangeError for a code that no script of this version writes.
 */
export function breakerView(name: string, code: number, detail: number): ClaimedBreakerView {
  const state = STATES[code & 7];
  if (state === undefined)
    throw new RangeError(`the script's code of a breaker must be known, got ${code} for ${name}`);
  const isProbe = (code & CLAIMED) !== 0;
  return {
    name,
    state,
    isProbe,
    isWatched: (code & WATCHED) !== 0,
    retryMs: state === 'open' ? detail : 0,
    claimMs: isProbe ? detail : 0,
  };
}
