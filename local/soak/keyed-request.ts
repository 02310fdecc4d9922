import { type Fate, fateOf, fateOfAll } from './fate.ts';
import type { Answer } from './person.ts';
import type { Random } from './seeded-random.ts';

/** What became of one request, however often it was sent. */
export interface SentRequest {
  readonly fate: Fate;
  /** `id` of each answer that accepted it. */
  readonly ids: readonly string[];
}

/** Under a key nobody gives up soon. */
const ATTEMPTS_MAX = 4;
/** How often somebody sends again what was accepted, and how often without waiting for the first answer. */
const AGAIN = 0.4;
const AT_ONCE = 0.2;

/**
 * Sends a request once, or, half of the time, under a key: then again until it is accepted, now and then once more after that,
 * and now and then twice at a time.
 */
export async function sendPerhapsKeyed(send: (key?: string) => Promise<Answer>, random: Random): Promise<SentRequest> {
  const isKeyed = random() < 0.5;
  if (!isKeyed) return sentOf([await send()]);
  const key = `soak-${Math.floor(random() * 2 ** 32)}-${Math.floor(random() * 2 ** 32)}`;
  const [isAgain, isAtOnce] = [random() < AGAIN, random() < AT_ONCE];
  const answers = isAtOnce ? await Promise.all([send(key), send(key)]) : [await send(key)];
  const isAccepted = () => answers.some(({ status }) => fateOf(status) === 'accepted');
  while (!isAccepted() && answers.length < ATTEMPTS_MAX) answers.push(await send(key));
  if (isAgain) answers.push(await send(key));
  return sentOf(answers);
}

function sentOf(answers: readonly Answer[]): SentRequest {
  const accepted = answers.filter(({ status }) => fateOf(status) === 'accepted');
  return {
    fate: fateOfAll(answers.map(({ status }) => fateOf(status))),
    ids: accepted.flatMap(({ body }) => (typeof body.id === 'string' ? [body.id] : [])),
  };
}
