import { hash } from 'node:crypto';
import { type CountedEvent, incrementsOf } from '../../adapters/analytics-counts.ts';
import { TRANSACTION_ITEMS_MAX } from '../../adapters/analytics-table.ts';

/** Lanes of one batch that are counted side by side. */
export const LANES_MAX = 4;
/** An event takes at least one item, of at most 100; the others are left for what it adds to. */
const EVENTS_PER_LANE_MIN = 90;

/**
 * Events in lanes, each lane in transactions that are to be written one after the other. Views of one post are all in one
 * lane, and next to each other: two transactions under way at a time never meet on a post, and a post that everybody
 * looks at is one write for up to 97 of its views. A small batch has one lane, since fewer transactions write less.
 */
export function packTransactions(events: readonly CountedEvent[]): CountedEvent[][][] {
  const lanes = Math.min(LANES_MAX, Math.max(1, Math.floor(events.length / EVENTS_PER_LANE_MIN)));
  const byLane = Array.from({ length: lanes }, (): CountedEvent[] => []);
  for (const event of events) byLane[laneOf(event, lanes)]?.push(event);
  return byLane.filter((lane) => lane.length > 0).map((lane) => pack(lane.toSorted(byWhatTheyAddTo)));
}

function laneOf({ id, postId }: CountedEvent, lanes: number): number {
  return Number.parseInt(hash('sha256', postId ?? id, 'hex').slice(0, 8), 16) % lanes;
}

/** Each transaction as full as it may be: a marker per event, and each item that they add to once. */
function pack(events: readonly CountedEvent[]): CountedEvent[][] {
  const transactions: CountedEvent[][] = [];
  let current: CountedEvent[] = [];
  let items = new Set<string>();
  for (const event of events) {
    const added = incrementsOf(event).map(({ period, entry }) => JSON.stringify([period, entry]));
    const together = new Set([...items, ...added]);
    if (current.length + 1 + together.size > TRANSACTION_ITEMS_MAX) {
      transactions.push(current);
      current = [];
      items = new Set(added);
    } else {
      items = together;
    }
    current.push(event);
  }
  if (current.length > 0) transactions.push(current);
  return transactions;
}

function byWhatTheyAddTo(a: CountedEvent, b: CountedEvent): number {
  const [postA, postB] = [a.postId ?? '', b.postId ?? ''];
  return minuteOf(a) - minuteOf(b) || (postA < postB ? -1 : Number(postA > postB));
}

function minuteOf({ atMs }: CountedEvent): number {
  return Math.floor(atMs / 60_000);
}
