import type { DeadLetter } from '../../local/redrive/dead-letter.ts';
import { FAILURE_BOUNDS_DEFAULT } from '../../local/redrive/failure-guard.ts';
import type { LetterQueue } from '../../local/redrive/letter-queue.ts';
import { type RedriveOptions, type RedriveResult, redrive } from '../../local/redrive/redrive.ts';
import type { RedriveTarget } from '../../local/redrive/redrive-target.ts';
import { ManualClock } from './manual-clock.ts';

/** What happens at an operation; `kill` ends the process before it, `kill-after` behind it. */
export type Fault = 'fail' | 'fail-after' | 'kill' | 'kill-after';

interface StoredLetter {
  readonly messageId: string;
  readonly workId: string;
  readonly error: string;
  readonly groupId: string | undefined;
  readonly redriveRun: string | undefined;
  readonly setAsideAtMs: number;
  visibleAtMs: number;
  receipt: number;
}

interface Put {
  readonly workId: string;
  readonly error?: string;
  readonly groupId?: string;
}

/** A dead-letter queue and its source on a manual clock; a run can be killed at each of its operations. */
export class LetterWorld {
  readonly clock = new ManualClock();
  readonly letters: StoredLetter[] = [];
  /** Work ids in the order in which they reached the source. */
  readonly arrived: string[] = [];
  readonly sentAtMs: number[] = [];
  /** Work that fails again at once. */
  readonly poison = new Set<string>();
  faults: (operation: string) => Fault | undefined = () => undefined;
  isOrdered = false;
  #messages = 0;
  readonly #waiting: { readonly dueMs: number; readonly resolve: () => void }[] = [];

  put({ workId, error = 'broken', groupId }: Put, redriveRun?: string): void {
    this.#messages += 1;
    this.letters.push({
      messageId: `message-${this.#messages}`,
      workId,
      error,
      groupId,
      redriveRun,
      setAsideAtMs: this.clock.now(),
      visibleAtMs: this.clock.now(),
      receipt: 0,
    });
  }

  /** Runs until it is over, or killed. */
  run(options: Partial<RedriveOptions> = {}): Promise<RedriveResult | 'killed'> {
    return new Promise((resolve, reject) => {
      let isKilled = false;
      const never = () => new Promise<never>(() => {});
      const kill = () => {
        isKilled = true;
        resolve('killed');
        return never();
      };
      const step = async <R>(name: string, operation: () => R): Promise<R> => {
        await Promise.resolve();
        if (isKilled) await never();
        const fault = this.faults(name);
        if (fault === 'kill') await kill();
        if (fault === 'fail') throw new Error(`${name} failed`);
        const result = operation();
        if (fault === 'kill-after') await kill();
        if (fault === 'fail-after') throw new Error(`the answer of ${name} was lost`);
        return result;
      };
      redrive({
        queue: this.#queue(step),
        target: this.#target(step),
        select: () => true,
        maxPerSecond: 10,
        bounds: FAILURE_BOUNDS_DEFAULT,
        watchSeconds: 5,
        runId: 'run-1',
        nowMs: () => this.clock.now(),
        wait: (ms) => this.#wait(ms).then(() => step('wait', () => {})),
        signal: new AbortController().signal,
        onProgress: () => {},
        ...options,
      }).then(resolve, reject);
    });
  }

  /** What is visible now, by work id. */
  visible(): string[] {
    return this.letters.filter(({ visibleAtMs }) => visibleAtMs <= this.clock.now()).map(({ workId }) => workId);
  }

  /** Time passes when nothing else can be done. */
  #wait(ms: number): Promise<void> {
    const dueMs = this.clock.now() + ms;
    return new Promise((resolve) => {
      this.#waiting.push({ dueMs, resolve });
      if (this.#waiting.length === 1) setImmediate(() => this.#passTime());
    });
  }

  #passTime(): void {
    const [next] = this.#waiting.toSorted((a, b) => a.dueMs - b.dueMs);
    if (next === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.clock.set(Math.max(this.clock.now(), next.dueMs));
    next.resolve();
    if (this.#waiting.length > 0) setImmediate(() => this.#passTime());
  }

  #queue(step: Step): LetterQueue {
    return {
      receive: (max, hiddenSeconds) => step('receive', () => this.#receive(max, hiddenSeconds)),
      hide: (letters, seconds) =>
        step('hide', () => {
          for (const letter of letters) this.#hide(letter, seconds);
        }),
      delete: (letter) =>
        step('delete', () => {
          const index = this.letters.findIndex(({ messageId }) => messageId === letter.messageId);
          if (index >= 0) this.letters.splice(index, 1);
        }),
      depth: () => step('depth', () => this.letters.length),
    };
  }

  #target(step: Step): RedriveTarget {
    return {
      isOrdered: this.isOrdered,
      batchMax: 10,
      deliverySeconds: 20,
      deliver: (letter, { id }) =>
        step('deliver', () => {
          this.arrived.push(letter.workId);
          this.sentAtMs.push(this.clock.now());
          if (this.poison.has(letter.workId)) this.put({ workId: letter.workId, error: 'again' }, id);
          return 'sent' as const;
        }),
    };
  }

  #receive(max: number, hiddenSeconds: number): DeadLetter[] {
    const nowMs = this.clock.now();
    const hiddenUntilMs = nowMs + hiddenSeconds * 1_000;
    // Of a group nothing is given while something of it is out of sight.
    const blocked = new Set(
      this.isOrdered ? this.letters.filter((letter) => letter.visibleAtMs > nowMs).map(({ groupId }) => groupId) : [],
    );
    const given = this.letters
      .filter(({ visibleAtMs, groupId }) => visibleAtMs <= nowMs && !blocked.has(groupId))
      .slice(0, max);
    // A long poll, whether or not there was something.
    this.clock.advance(given.length === 0 ? 1_000 : 10);
    return given.map((letter) => {
      letter.visibleAtMs = hiddenUntilMs;
      letter.receipt += 1;
      return {
        ...letter,
        receiptHandle: `${letter.messageId}/${letter.receipt}`,
        body: JSON.stringify({ id: letter.workId }),
        attributes: {},
        attempts: '5',
        traceId: undefined,
        hiddenUntilMs,
      };
    });
  }

  #hide({ messageId, receiptHandle }: DeadLetter, seconds: number): void {
    const letter = this.letters.find((each) => `${each.messageId}/${each.receipt}` === receiptHandle);
    if (letter?.messageId === messageId) letter.visibleAtMs = this.clock.now() + seconds * 1_000;
  }
}

type Step = <R>(name: string, operation: () => R) => Promise<R>;
