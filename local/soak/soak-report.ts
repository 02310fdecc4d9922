import { textTable } from '../demo/text-table.ts';
import type { Books } from './ledger.ts';
import type { SoakRecord } from './soak-record.ts';

/** What went wrong, and how often. */
type Faults = ReadonlyMap<string, number>;

export function progressLine(
  round: number,
  {
    record,
    faults,
    drainedMs,
    leftMs,
  }: {
    readonly record: SoakRecord;
    readonly faults: Faults;
    readonly drainedMs: number;
    readonly leftMs: number;
  },
): string {
  const { posts, videos, views, statuses } = record;
  return (
    `round ${round}: ${sumOf(statuses)} requests, ${posts.length} posts, ${views.length} views, ${videos.length} videos, ` +
    `${sumOf(faults)} faults; drained in ${Math.round(drainedMs / 60_000)} min of its time, ${memoryMegabytes()} MB; ` +
    `${Math.max(0, Math.round(leftMs / 1_000))} s left`
  );
}

/** Everything that was counted, as a table. */
export function reportTable({
  record,
  faults,
  books,
}: {
  readonly record: SoakRecord;
  readonly faults: Faults;
  readonly books: Books;
}): string {
  const { posts, videos, views, statuses } = record;
  const fates = (name: string, sent: readonly { readonly fate: string }[]) =>
    rowsOf(
      name,
      countBy(sent, ({ fate }) => fate),
    );
  return textTable([
    ['', 'count'],
    ...[...statuses].sort(([a], [b]) => a - b).map(([status, count]) => [`status ${status || 'none'}`, count] as const),
    ...fates('posts', posts),
    ...fates('views', views),
    ...fates('videos', videos),
    ...rowsOf(
      'videos',
      countBy(books.storedVideos, ({ status }) => status),
    ),
    ...rowsOf(
      'events',
      countBy(books.accepted, ({ type }) => type),
    ),
    ['notifications', books.notifications.length],
    ['dead letters', books.letters.length],
    ['failed records', books.failedRecords.length],
    ...[...faults].sort(([a], [b]) => a.localeCompare(b)),
    ['memory in MB', memoryMegabytes()],
  ]);
}

function countBy<T>(all: readonly T[], keyOf: (one: T) => string): Faults {
  return new Map([...Map.groupBy(all, keyOf)].map(([key, each]) => [key, each.length]));
}

function rowsOf(name: string, counts: Faults): (readonly [string, number])[] {
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([key, count]) => [`${name} ${key}`, count]);
}

function sumOf(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function memoryMegabytes(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}
