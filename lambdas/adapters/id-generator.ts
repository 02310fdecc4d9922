import { monotonicFactory } from 'ulid';
import type { Clock } from './clock.ts';

/** A new ULID per call. */
export type IdGenerator = () => string;

/** ULIDs as the specification spells them: 26 Crockford characters in upper case, the first at most 7. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * ULIDs on the injected clock, strictly increasing within a process even when the clock stands still or steps back, so
 * that two posts of one environment never swap places in a timeline.
 */
export function createIdGenerator(clock: Clock): IdGenerator {
  const next = monotonicFactory();
  return () => next(clock.now());
}
