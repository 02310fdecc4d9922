import { Arrivals } from './arrivals.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type FailureBounds, isFailingAgain } from './failure-guard.ts';
import { HeldLetters } from './held-letters.ts';
import type { LetterQueue } from './letter-queue.ts';
import { createPace } from './pacer.ts';
import type { RedriveTarget } from './redrive-target.ts';
import type { Select } from './select-letters.ts';

export interface RedriveOptions {
  readonly queue: LetterQueue;
  readonly target: RedriveTarget;
  readonly select: Select;
  /** Letters a second, above 0. */
  readonly maxPerSecond: number;
  /** Most letters of this run. @default - all that are selected */
  readonly max?: number | undefined;
  readonly bounds: FailureBounds;
  /** For how long it looks for what comes back after the last one, in seconds. */
  readonly watchSeconds: number;
  readonly runId: string;
  readonly nowMs: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the run: what is being sent is finished, the rest is put back. */
  readonly signal: AbortSignal;
  /** Told after each batch. */
  readonly onProgress: (progress: RedriveProgress) => void;
}

export interface RedriveProgress {
  readonly sent: number;
  /** Of those, how many have failed again. */
  readonly returned: number;
  /** Left where they were, as they were not meant. */
  readonly skipped: number;
  /** Sent, and could not be deleted: they may be sent once more by the next run. */
  readonly undeleted: number;
}

export interface RedriveResult extends RedriveProgress {
  /** `failing`: too many came back. `failed`: a call did, with `error`. */
  readonly ended: 'done' | 'max' | 'aborted' | 'failing' | 'failed';
  readonly error?: unknown;
}

/** SQS may give none although there are some. */
const EMPTY_RECEIVES_MAX = 3;
/** A letter that is not worked on within its time may be somebody else's by now. */
const HIDDEN_MARGIN_MS = 5_000;
const COUNT_EVERY_MS = 5_000;

/**
 * Sends dead letters back to be done, at a bounded rate, until there is none left that is meant.
 *
 * A letter is sent first and deleted then, so that at any point at which this ends, killed or not, it is in one of the two
 * queues, or in both: the copy carries the same work id, and changes nothing. All letters in hand are put back at the end;
 * after a kill they come back by themselves when their time out of sight is over. So a run that was ended is gone on with by
 * another one.
 */
export async function redrive(options: RedriveOptions): Promise<RedriveResult> {
  const { queue, target, select, bounds, runId, nowMs, wait, signal } = options;
  const max = options.max ?? Number.POSITIVE_INFINITY;
  const pace = createPace({ maxPerSecond: options.maxPerSecond, nowMs, wait, signal });
  const held = new HeldLetters(queue, nowMs);
  const startedMs = nowMs();
  const sentIds = new Set<string>();
  /** Letters that stay in the queue, by message id, and why. */
  const staying = new Map<string, Exclude<keyof RedriveProgress, 'sent'>>();
  const arrivals = new Arrivals(startedMs);
  let arrived = 0;
  let isFull = false;
  let begun = 0;
  let sent = 0;
  let deleted = 0;
  let ended: RedriveResult['ended'] | undefined;
  let failure: unknown;
  const progress = (): RedriveProgress => {
    const counts = { sent, returned: 0, skipped: 0, undeleted: 0 };
    for (const why of staying.values()) counts[why] += 1;
    return counts;
  };

  const isOver = () => {
    if (ended === undefined && signal.aborted) ended = 'aborted';
    const returned = Math.max(progress().returned, arrived);
    if (ended === undefined && isFailingAgain(bounds, sent, returned)) ended = 'failing';
    return ended !== undefined;
  };
  /** The attribute may have been left out of a message that is full. Of two old copies none has come back. */
  const comesBack = ({ redriveRun, workId, setAsideAtMs }: DeadLetter) =>
    redriveRun === runId || (sentIds.has(workId) && setAsideAtMs >= startedMs);

  /** False where those behind it in its group have to wait for it. */
  async function handle(letter: DeadLetter): Promise<boolean> {
    held.take(letter);
    if (staying.has(letter.messageId)) return false;
    if (comesBack(letter)) staying.set(letter.messageId, 'returned');
    else if (!select(letter)) staying.set(letter.messageId, 'skipped');
    else return send(letter);
    return false;
  }

  async function send(letter: DeadLetter): Promise<boolean> {
    if (isOver()) return false;
    if (begun >= max) {
      isFull = true;
      return false;
    }
    begun += 1;
    await pace();
    // Whoever waited for the pace may find that it is over, or that somebody else has the letter by now.
    if (isOver() || nowMs() + target.deliverySeconds * 1_000 > letter.hiddenUntilMs - HIDDEN_MARGIN_MS) {
      begun -= 1;
      return false;
    }
    sentIds.add(letter.workId);
    try {
      const delivery = await target.deliver(letter, { id: runId, at: new Date(nowMs()) });
      sent += 1;
      if (delivery === 'failed') {
        staying.set(letter.messageId, 'returned');
        return false;
      }
    } catch (error) {
      ended ??= 'failed';
      failure ??= error;
      return false;
    }
    await remove(letter);
    return true;
  }

  async function remove(letter: DeadLetter): Promise<void> {
    try {
      await queue.delete(letter);
      deleted += 1;
      held.drop(letter);
    } catch {
      staying.set(letter.messageId, 'undeleted');
    }
  }

  /** False where nothing came that was not known. */
  async function takeBatch(): Promise<boolean> {
    const hiddenSeconds = Math.ceil((target.batchMax / options.maxPerSecond) * 1.5) + target.deliverySeconds + 60;
    const letters = await queue.receive(target.batchMax, Math.min(hiddenSeconds, 43_200));
    const isNew = letters.some(({ messageId }) => !staying.has(messageId));
    await Promise.all(
      turnsOf(letters, target.isOrdered).map(async (turn) => {
        for (const [index, letter] of turn.entries()) {
          if (await handle(letter)) continue;
          // What is left behind holds up its group, or the others would overtake it.
          for (const behind of turn.slice(index + 1)) held.take(behind);
          return;
        }
      }),
    );
    options.onProgress(progress());
    return isNew;
  }

  try {
    let empty = 0;
    let watchUntilMs: number | undefined;
    let countedAtMs = Number.NEGATIVE_INFINITY;
    while (!isOver()) {
      if (nowMs() >= countedAtMs + COUNT_EVERY_MS) {
        countedAtMs = nowMs();
        arrived = arrivals.observe(await queue.depth(), deleted, nowMs());
      }
      const isNew = await takeBatch();
      if (isFull) ended ??= 'max';
      if (isNew) {
        empty = 0;
        watchUntilMs = undefined;
        continue;
      }
      empty += 1;
      if (empty < EMPTY_RECEIVES_MAX) continue;
      watchUntilMs ??= nowMs() + (sent > 0 ? options.watchSeconds * 1_000 : 0);
      if (nowMs() >= watchUntilMs) ended ??= 'done';
      else await wait(Math.min(1_000, watchUntilMs - nowMs()), signal);
    }
  } catch (error) {
    ended = 'failed';
    failure ??= error;
  } finally {
    await held.putBack();
  }
  return { ...progress(), ended: ended ?? 'done', ...(failure !== undefined && { error: failure }) };
}

/** Groups of a queue with order, one after the other in each; else each letter by itself. */
function turnsOf(letters: readonly DeadLetter[], isOrdered: boolean): DeadLetter[][] {
  if (!isOrdered) return letters.map((letter) => [letter]);
  return [...Map.groupBy(letters, ({ groupId }) => groupId).values()];
}
