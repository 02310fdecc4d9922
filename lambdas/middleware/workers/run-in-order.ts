/** What is done in its turn. */
export interface OrderedTask {
  /** Tasks of one key are done in order; after one that failed, no further one of its key is. */
  readonly key: string;
  /** Rejects where it failed. Called off by its signal, it may be called again. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface RunInOrderOptions {
  /** Most tasks in flight. */
  readonly concurrency: number;
  /** Aborts when no task is begun any more, and those in flight have to end. */
  readonly signal: AbortSignal;
  /** Aborts when the first task ought to be done; see below. */
  readonly narrow: AbortSignal;
}

type State = 'waiting' | 'running' | 'done' | 'failed';

/** How far ahead of the first unfinished task others are begun, in multiples of the concurrency. */
const LOOK_AHEAD = 4;

/** A run in progress. Its result is right at any time, also before its tasks have ended. */
export interface OrderedRun {
  /** Resolves once every task has ended, or after the signal those that were in flight. Never rejects. */
  readonly ended: Promise<void>;
  /** Whether a task is done; all others have to be done again. */
  isDone(index: number): boolean;
}

/**
 * Runs tasks in order per key and concurrently across keys, the earliest first.
 *
 * Only what is done at the front counts, since a stream is delivered again from the first record that is not. Two rules
 * keep that going. Tasks are begun within a bounded distance of the first unfinished one, so that a slow one wastes little.
 * And since all in flight share one function's processor and connections, and together may take longer than there is time,
 * delivery after delivery: where the first task is not done when `narrow` aborts, the others in flight are called off, and
 * from then on one is done after the other. So each run ends at least one task, if it can be done alone in what is left.
 */
export function runInOrder(
  tasks: readonly OrderedTask[],
  { concurrency, signal, narrow }: RunInOrderOptions,
): OrderedRun {
  const states: State[] = tasks.map(() => 'waiting');
  const running = new Map<number, AbortController>();
  const busyKeys = new Set<string>();
  const failedKeys = new Set<string>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let front = 0;
  let mostInFlight = concurrency;

  const advance = () => {
    while (states[front] === 'done' || states[front] === 'failed') front += 1;
  };

  async function run(index: number, task: OrderedTask): Promise<void> {
    const own = new AbortController();
    states[index] = 'running';
    running.set(index, own);
    busyKeys.add(task.key);
    try {
      await task.run(AbortSignal.any([signal, own.signal]));
      states[index] = 'done';
    } catch {
      const isCalledOff = own.signal.aborted && !signal.aborted;
      states[index] = isCalledOff ? 'waiting' : 'failed';
      if (!isCalledOff) failedKeys.add(task.key);
    }
    running.delete(index);
    busyKeys.delete(task.key);
    next();
  }

  function next(): void {
    advance();
    // Keys of tasks that were passed over: a later one of such a key must not overtake it.
    const passed = new Set<string>();
    for (let index = front; index < tasks.length && index < front + concurrency * LOOK_AHEAD; index += 1) {
      const task = tasks[index];
      if (signal.aborted || running.size >= mostInFlight) break;
      if (task === undefined || states[index] !== 'waiting') continue;
      if (failedKeys.has(task.key)) {
        states[index] = 'failed';
        advance();
      } else if (busyKeys.has(task.key) || passed.has(task.key)) passed.add(task.key);
      else void run(index, task);
    }
    if (running.size === 0 && (signal.aborted || front >= tasks.length)) end();
  }

  const callOffOthers = () => {
    if (states[0] === 'done' || states[0] === 'failed') return;
    mostInFlight = 1;
    for (const [index, own] of running) if (index !== 0) own.abort(new Error('called off: the first goes first'));
  };
  if (narrow.aborted) callOffOthers();
  else narrow.addEventListener('abort', callOffOthers, { once: true });
  signal.addEventListener('abort', next, { once: true });
  next();
  return { ended, isDone: (index) => states[index] === 'done' };
}
