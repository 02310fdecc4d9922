import type { ArchivedEvent } from './archive.ts';

export interface CountOptions {
  readonly events: AsyncIterable<Pick<ArchivedEvent, 'type'>>;
  /** @default - all types */
  readonly types?: ReadonlySet<string> | undefined;
  /** Ends the count with the next event. */
  readonly signal: AbortSignal;
  /** Told after each event how many there were. */
  readonly onProgress: (total: number) => void;
}

export interface EventCounts {
  readonly total: number;
  readonly byType: ReadonlyMap<string, number>;
  /** Whether it was ended before it had seen all. */
  readonly isInterrupted: boolean;
}

/** What a replay would give to its consumer. */
export async function countEvents({ events, types, signal, onProgress }: CountOptions): Promise<EventCounts> {
  const byType = new Map<string, number>();
  let total = 0;
  for await (const { type } of events) {
    if (signal.aborted) return { total, byType, isInterrupted: true };
    if (types !== undefined && !types.has(type)) continue;
    byType.set(type, (byType.get(type) ?? 0) + 1);
    total += 1;
    onProgress(total);
  }
  return { total, byType, isInterrupted: false };
}
