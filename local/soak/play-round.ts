import { setTimeout as delay } from 'node:timers/promises';
import type { SkippableTime } from '../twin/skippable-time.ts';
import type { Actor } from './actor.ts';
import { drain } from './drain.ts';
import { causeFaults, type FaultOptions } from './faults.ts';
import type { Meddler } from './meddler.ts';
import type { Random } from './seeded-random.ts';

/** Load and faults, before all of it is brought to its end. */
const ROUND_MS = 7_000;
/** Pause of an actor between two requests, at most: some 60 requests per second from all. */
const THINK_MS = 200;

export interface RoundOptions {
  readonly actors: readonly Actor[];
  readonly faults: FaultOptions;
  readonly meddler: Meddler;
  readonly time: SkippableTime;
  readonly random: Random;
}

/**
 * Some seconds in which everybody acts and whatever can go wrong does, and then the end of all that was begun. Answers how long
 * that end took by the twin's clock, in ms.
 */
export async function playRound({ actors, faults, meddler, time, random }: RoundOptions): Promise<number> {
  // Tokens are good for a quarter of an hour, and the end of a round takes hours by the twin's clock.
  await Promise.all(actors.map(({ person }) => person.renew()));
  const endMs = performance.now() + ROUND_MS;
  const stopping = new AbortController();
  meddler.turn('on');
  const causing = causeFaults(faults, stopping.signal);
  await Promise.all(
    actors.map(async (actor) => {
      while (performance.now() < endMs) {
        await actor.act();
        await delay(random() * THINK_MS);
      }
    }),
  );
  stopping.abort();
  await causing;
  meddler.turn('off');
  return drain(faults.twin, time);
}
