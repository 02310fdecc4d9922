import * as v from 'valibot';
import { WORK_NAMES, type WorkName } from './work.ts';

/**
 * Longest waits of the retry queues, in seconds. A queue forgets messages at its head alone, so that one with a long delay
 * holds up those behind it: within a queue delays differ by the factor between two of these, and a message comes back after
 * four times its delay at the very most.
 */
export const RETRY_TIERS_SECONDS = [1, 4, 16, 64, 256, 1_024, 4_096] as const;

/** Deliveries that the broker itself counts (a worker that died, or gave all of a batch back) beyond the attempts. */
const SPARE_DELIVERIES = 3;
/** As long as SQS keeps any message. */
const DEAD_LETTERS_MS = 14 * 24 * 3_600 * 1_000;

/** Header of a message that was tried before: how often. The broker counts only what it delivered again by itself. */
export const ATTEMPTS_HEADER = 'spillway-attempts';
/** Set by quorum queues on what they deliver again: how often before. */
export const DELIVERY_COUNT_HEADER = 'x-delivery-count';

/** What decides over the queues of one kind of work. */
export const RabbitQueueSpec = v.object({
  name: v.picklist(WORK_NAMES),
  /** How often a message is tried before it is set aside. */
  attempts: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type RabbitQueueSpec = v.InferOutput<typeof RabbitQueueSpec>;

/** A queue as it is declared: durable, and replicated over the cluster's brokers. */
export interface QueueDeclaration {
  readonly queue: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export const workQueueName = (work: WorkName): string => work;
export const deadLetterQueueName = (work: WorkName): string => `${work}.dead`;

/**
 * The queue in which a message waits for so many seconds until it is work again.
 * @throws RangeError beyond the longest wait
 */
export function retryQueueName(work: WorkName, delaySeconds: number): string {
  const tier = RETRY_TIERS_SECONDS.find((seconds) => delaySeconds <= seconds);
  if (tier === undefined) throw new RangeError(`a message waits for 4096 s at most, got ${delaySeconds}`);
  return `${work}.retry.${tier}`;
}

/**
 * All queues of one kind of work, the dead letters first, as others name them. Whatever leaves one for another does so by
 * the broker at least once: it stays where it is until the other has it.
 */
export function declarationsOf({ name, attempts }: RabbitQueueSpec): QueueDeclaration[] {
  const deadLetters: QueueDeclaration = {
    queue: deadLetterQueueName(name),
    arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': DEAD_LETTERS_MS },
  };
  const work: QueueDeclaration = {
    queue: workQueueName(name),
    // What no worker lives to set aside.
    arguments: { ...forwardingTo(deadLetters.queue), 'x-delivery-limit': attempts + SPARE_DELIVERIES },
  };
  const retries = RETRY_TIERS_SECONDS.map((seconds): QueueDeclaration => {
    return { queue: retryQueueName(name, seconds), arguments: forwardingTo(work.queue) };
  });
  return [deadLetters, work, ...retries];
}

function forwardingTo(queue: string) {
  return {
    'x-queue-type': 'quorum',
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': queue,
    'x-dead-letter-strategy': 'at-least-once',
    // What the strategy asks for: it keeps what nobody took, and so must not drop the oldest.
    'x-overflow': 'reject-publish',
  };
}
