import { monotonicFactory } from 'ulid';
import type { Clock } from './clock.ts';

/** A new ULID per call. */
export type IdGenerator = () => string;

/**
 * ULIDs on the injected clock, strictly increasing within a process even when the clock stands still or steps back, so
 * that two posts of one environment never swap places in a timeline.
 */
export function createIdGenerator(clock: Clock): IdGenerator {
  const next = monotonicFactory();
  return () => next(clock.now());
}
