import type { DeadLetter } from './dead-letter.ts';
import { HeldLetters } from './held-letters.ts';
import type { LetterQueue } from './letter-queue.ts';
import type { Select } from './select-letters.ts';

export interface ListOptions {
  readonly queue: LetterQueue;
  readonly select: Select;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  /** Told after each batch how many were looked at. */
  readonly onProgress: (looked: number) => void;
}

/** What is in a dead-letter queue. */
export interface LetterList {
  /** Those that are meant, oldest first. */
  readonly letters: readonly DeadLetter[];
  /** Letters that were looked at. */
  readonly looked: number;
  /** Letters in the queue, as SQS estimates it; more than were looked at where others have them in hand, or it is too many. */
  readonly depth: number;
}

/** SQS has at most 120,000 messages of a queue in flight; a look is no reason to come near to it. */
const LOOK_MAX = 20_000;
const HIDDEN_SECONDS = 300;
const EMPTY_RECEIVES_MAX = 3;
const BATCH_MAX = 10;

/** Looks through a dead-letter queue, and leaves it as it was: whatever was taken out of sight is put back. */
export async function listLetters({ queue, select, nowMs, signal, onProgress }: ListOptions): Promise<LetterList> {
  const held = new HeldLetters(queue, nowMs);
  const seen = new Map<string, DeadLetter>();
  let empty = 0;
  try {
    while (empty < EMPTY_RECEIVES_MAX && seen.size < LOOK_MAX && !signal.aborted) {
      const letters = await queue.receive(BATCH_MAX, HIDDEN_SECONDS);
      const isNew = letters.some(({ messageId }) => !seen.has(messageId));
      for (const letter of letters) {
        held.take(letter);
        seen.set(letter.messageId, letter);
      }
      empty = isNew ? 0 : empty + 1;
      onProgress(seen.size);
    }
  } finally {
    await held.putBack();
  }
  const letters = [...seen.values()].filter(select).sort((a, b) => a.setAsideAtMs - b.setAsideAtMs);
  return { letters, looked: seen.size, depth: await queue.depth() };
}

/** So much of an error makes a kind: numbers and ids differ from letter to letter. */
const ERROR_MAX_LENGTH = 120;
const NO_ERROR = 'no error known: SQS moved it, because its worker died each time';

/** How many there are, the oldest, and how many of each error, the most first. */
export function summarize({ letters, looked, depth }: LetterList, nowMs: number): string[] {
  const plural = letters.length === 1 ? '' : 's';
  const lines = [`${letters.length} dead letter${plural}${looked > letters.length ? ` of ${looked}` : ''}`];
  if (depth > looked) lines.push(`about ${depth - looked} more are in somebody else's hands, or were not looked at`);
  const [oldest] = letters;
  if (oldest === undefined) return lines;
  lines.push(`the oldest was set aside ${ago(nowMs - oldest.setAsideAtMs)} ago, at ${iso(oldest.setAsideAtMs)}`);
  const byError = Map.groupBy(letters, ({ error }) => (error ?? NO_ERROR).slice(0, ERROR_MAX_LENGTH));
  const kinds = [...byError].sort(([, a], [, b]) => b.length - a.length);
  return [...lines, ...kinds.map(([error, { length }]) => `${String(length).padStart(7)}  ${error}`)];
}

/** All that is known of one letter, its payload included. */
export function describeLetter(letter: DeadLetter): string[] {
  const { messageId, workId, error, attempts, traceId, groupId, setAsideAtMs, redriveRun, body } = letter;
  const facts = {
    workId,
    error: error ?? NO_ERROR,
    attempts,
    traceId,
    groupId,
    setAsideAt: iso(setAsideAtMs),
    redriveRun,
  };
  return [
    `message ${messageId}`,
    ...Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [`  ${name}: ${value}`])),
    `  payload: ${body}`,
  ];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function ago(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
