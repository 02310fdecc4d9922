import type { Fate } from './fate.ts';

/** An event as the outbox has it. */
export interface AcceptedEvent {
  readonly id: string;
  readonly type: string;
  /** `2026-11-22T10:32:00.000Z` */
  readonly time: string;
  readonly subject: string;
  /** The post that it is about, of posts and views. */
  readonly postId?: string | undefined;
}

/** A view that was told of. */
export interface SentView {
  readonly postId: string;
  readonly fate: Fate;
  /** What the answer named; missing where none came. */
  readonly workId?: string | undefined;
}

/** What analytics say: `2026-11-22 FeedUpdated` → how many. */
export type Counts = ReadonlyMap<string, number>;

export interface EventBooks {
  readonly accepted: readonly AcceptedEvent[];
  /** Ids that the relay put on the stream, at least once. */
  readonly published: ReadonlySet<string>;
  /** Ids that analytics say they have counted. */
  readonly counted: ReadonlySet<string>;
  readonly countsByDay: Counts;
  readonly countsByMinute: Counts;
  /** `2026-11-22 post` → views. */
  readonly viewsByDay: Counts;
  readonly sentViews: readonly SentView[];
  readonly storedPosts: readonly { readonly postId: string }[];
  /** Ids of the work that is among the dead letters. */
  readonly setAsideWork: ReadonlySet<string>;
}

const DAY = 'yyyy-mm-dd'.length;
const MINUTE = 'yyyy-mm-ddThh:mm'.length;

/** Events that are missing or there twice, from what caused them to what was counted of them. */
export function eventBreaches(books: EventBooks): string[] {
  const { accepted, published, counted } = books;
  const found: string[] = [];
  const known = new Set(accepted.map(({ id }) => id));
  for (const { id, type } of accepted) {
    if (!published.has(id)) found.push(`${type} ${id} was accepted and never published`);
    if (!counted.has(id)) found.push(`${type} ${id} was accepted and not counted`);
  }
  for (const id of counted) if (!known.has(id)) found.push(`event ${id} was counted and never accepted`);
  const views = accepted.filter(({ type }) => type === 'PostViewed');
  return [
    ...found,
    ...causeBreaches(books),
    ...countBreaches(
      'on',
      sum(accepted, ({ time, type }) => `${time.slice(0, DAY)} ${type}`),
      books.countsByDay,
    ),
    ...countBreaches(
      'at',
      sum(accepted, ({ time, type }) => `${time.slice(0, MINUTE)} ${type}`),
      books.countsByMinute,
    ),
    ...countBreaches(
      'of',
      sum(views, ({ time, postId }) => `${time.slice(0, DAY)} ${postId}`),
      books.viewsByDay,
    ),
  ];
}

/** Each post is told of once, and each view that was accepted; nothing else is. */
function causeBreaches({ accepted, sentViews, storedPosts, setAsideWork }: EventBooks): string[] {
  const found: string[] = [];
  const ofType = (wanted: string) => accepted.filter(({ type }) => type === wanted);
  const told = Map.groupBy(ofType('FeedUpdated'), ({ postId }) => postId);
  for (const { postId } of storedPosts) {
    const times = told.get(postId)?.length ?? 0;
    if (times !== 1) found.push(`post ${postId} is stored and was told of ${times} times`);
  }
  const posts = new Set<string | undefined>(storedPosts.map(({ postId }) => postId));
  for (const postId of told.keys()) if (!posts.has(postId)) found.push(`post ${postId} was told of and is not stored`);

  const viewed = new Set(ofType('PostViewed').map(({ id }) => id));
  const isAccepted = new Set<string>();
  for (const { workId, postId } of sentViews) {
    if (workId === undefined) continue;
    isAccepted.add(`${workId}.PostViewed`);
    const isThere = viewed.has(`${workId}.PostViewed`);
    if (!isThere && !setAsideWork.has(workId)) found.push(`view ${workId} of post ${postId} was accepted and is lost`);
  }
  const strangers = [...viewed].filter((id) => !isAccepted.has(id)).length;
  const unknown = sentViews.filter(({ workId, fate }) => workId === undefined && fate === 'unknown').length;
  if (strangers > unknown) found.push(`${strangers} views were told of that nobody sent; of ${unknown} nobody knows`);
  return found;
}

function countBreaches(preposition: string, wanted: Counts, counts: Counts): string[] {
  return [...new Set([...wanted.keys(), ...counts.keys()])].flatMap((key) => {
    const [should, are] = [wanted.get(key) ?? 0, counts.get(key) ?? 0];
    return should === are ? [] : [`${are} were counted ${preposition} ${key}, and there were ${should}`];
  });
}

function sum(events: readonly AcceptedEvent[], keyOf: (event: AcceptedEvent) => string): Counts {
  return new Map([...Map.groupBy(events, keyOf)].map(([key, each]) => [key, each.length]));
}
