import type { Twin } from '../twin/twin.ts';
import type { AcceptedEvent, EventBooks } from './event-ledger.ts';
import type { PostBooks } from './post-ledger.ts';
import type { StageParts } from './stage-parts.ts';
import type { VideoBooks } from './video-ledger.ts';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

type TableBooks = Pick<PostBooks, 'storedPosts' | 'notifications' | 'storedFollows'> &
  Pick<VideoBooks, 'storedVideos' | 'processed'> &
  Pick<EventBooks, 'accepted' | 'counted' | 'countsByDay' | 'countsByMinute' | 'viewsByDay'>;

/** What the tables hold. */
export async function readTables(twin: Twin, { tables }: StageParts): Promise<TableBooks> {
  const posts = await scan(twin, tables.Posts);
  const notifications = await scan(twin, tables.Notifications);
  const follows = await scan(twin, tables.Follows);
  const videos = await scan(twin, tables.Videos);
  const accepted = (await scan(twin, tables.Outbox)).flatMap(eventOf);
  return {
    storedPosts: posts.map((item) => ({ postId: text(item, 'postId'), text: text(item, 'text') })),
    notifications: notifications.map((item) => ({
      recipientId: text(item, 'recipientId'),
      postId: text(item, 'postId'),
    })),
    storedFollows: new Set(follows.map((item) => `${text(item, 'followerId')} ${text(item, 'followeeId')}`)),
    storedVideos: videos.map((item) => ({
      videoId: text(item, 'videoId'),
      title: text(item, 'title'),
      status: text(item, 'status'),
    })),
    processed: accepted.filter(({ type }) => type === 'VideoProcessed').map(({ subject }) => subject),
    accepted,
    ...countsOf(await scan(twin, tables.Analytics)),
  };
}

function eventOf(item: Item): AcceptedEvent[] {
  if (text(item, 'kind') !== 'event') return [];
  const { id, type, time, subject, data } = JSON.parse(text(item, 'body'));
  return [{ id, type, time, subject, postId: data.postId }];
}

/** Counts are spread over several items of a period (docs/adr/0025). */
function countsOf(
  items: readonly Item[],
): Pick<TableBooks, 'counted' | 'countsByDay' | 'countsByMinute' | 'viewsByDay'> {
  const counted = new Set<string>();
  const countsByDay = new Map<string, number>();
  const countsByMinute = new Map<string, number>();
  const viewsByDay = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string, item: Item, attribute: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + Number(item[attribute]?.N));
  };
  for (const item of items) {
    const [kind, ...rest] = text(item, 'period').split('#');
    const entry = text(item, 'entry');
    if (kind === 'counted') counted.add(rest.join('#'));
    else if (kind === 'views') add(viewsByDay, `${rest[0]} ${entry}`, item, 'views');
    else {
      const counts = kind === 'days' ? countsByDay : countsByMinute;
      const [period] = entry.split('#');
      const types = Object.keys(item).filter((name) => !['period', 'entry', 'expiresAt'].includes(name));
      for (const type of types) add(counts, `${period} ${type}`, item, type);
    }
  }
  return { counted, countsByDay, countsByMinute, viewsByDay };
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? '';
}

async function scan(twin: Twin, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const start = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
    const page = await twin.callAws('dynamodb', 'Scan', { TableName, ...start });
    items.push(...(page.Items as Item[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}
