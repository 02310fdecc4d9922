import { type Fate, TIMES } from './fate.ts';

/** What was uploaded: something to make images of, something broken, nothing, or who knows. */
export type UploadState = 'sound' | 'broken' | 'missing' | 'unknown';

/** A video that was posted. Its title is its own. */
export interface SentVideo {
  readonly title: string;
  readonly upload: UploadState;
  readonly fate: Fate;
  /** Ids that were answered; one, however often it was sent. */
  readonly ids: readonly string[];
  /** What became of the request to cancel it, if there was one. */
  readonly cancelled: Fate | undefined;
}

/** A video as the table has it. */
export interface StoredVideo {
  readonly videoId: string;
  readonly title: string;
  readonly status: string;
}

export interface VideoBooks {
  readonly sentVideos: readonly SentVideo[];
  readonly storedVideos: readonly StoredVideo[];
  /** Subject of each `VideoProcessed`, of different ids. */
  readonly processed: readonly string[];
  /** Video → files that were made of it. */
  readonly filesOf: ReadonlyMap<string, number>;
  /** Ids of the work that is among the dead letters. */
  readonly setAsideWork: ReadonlySet<string>;
}

/** Videos that are missing, there twice, or came to no end or to another one than they should have. */
export function videoBreaches(books: VideoBooks): string[] {
  const found: string[] = [];
  const byTitle = Map.groupBy(books.storedVideos, ({ title }) => title);
  const processed = Map.groupBy(books.processed, (videoId) => videoId);
  for (const sent of books.sentVideos) {
    const { title, fate, ids, cancelled } = sent;
    const stored = byTitle.get(title) ?? [];
    const mayBeGone = cancelled === 'accepted' || cancelled === 'unknown';
    const times = mayBeGone ? [0, ...TIMES[fate]] : TIMES[fate];
    if (!times.includes(stored.length)) {
      found.push(`video '${title}' was ${fate} and is stored ${stored.length} times`);
    }
    if (new Set(ids).size > 1) found.push(`video '${title}' was answered as ${[...new Set(ids)].join(' and ')}`);
    for (const videoId of new Set([...ids, ...stored.map((each) => each.videoId)])) {
      const status = stored.find((each) => each.videoId === videoId)?.status ?? 'gone';
      // Missing was said above.
      if (status === 'gone' && !mayBeGone) continue;
      const events = processed.get(videoId)?.length ?? 0;
      found.push(...endBreaches(sent, { videoId, status, events }, books));
    }
  }
  return found;
}

interface VideoEnd {
  readonly videoId: string;
  /** `gone`: removed. */
  readonly status: string;
  /** `VideoProcessed` that were published. */
  readonly events: number;
}

function endBreaches(sent: SentVideo, { videoId, status, events }: VideoEnd, books: VideoBooks): string[] {
  const { title, upload, cancelled } = sent;
  const name = `video '${title}' (${videoId})`;
  const isSetAside = books.setAsideWork.has(videoId);
  const isRemovalSetAside = books.setAsideWork.has(`${videoId}:remove`);
  const found: string[] = [];
  if (!endsOf(sent, isSetAside, isRemovalSetAside).has(status)) {
    const wish = cancelled === undefined ? '' : `, to cancel it was ${cancelled}`;
    const where = isSetAside ? ', and its work is among the dead letters' : '';
    found.push(`${name} is ${status}; its upload was ${upload}${wish}${where}`);
  }
  // What is gone had come to an end before.
  const wanted = { ready: 1, failed: 1, gone: 1, removing: 1 }[status] ?? 0;
  if (events !== wanted) found.push(`${name} is ${status} and was told of ${events} times`);
  const files = books.filesOf.get(videoId) ?? 0;
  const isCleared = status === 'cancelled' || status === 'gone';
  if (isCleared && files > 0 && !isSetAside) found.push(`${name} is ${status} and left ${files} files`);
  if (status === 'ready' && files === 0) found.push(`${name} is ready and has no file`);
  return found;
}

/** How a video may have ended. */
function endsOf(
  { upload, cancelled }: SentVideo,
  isSetAside: boolean,
  isRemovalSetAside: boolean,
): ReadonlySet<string> {
  const removed = ['cancelled', 'gone', ...(isRemovalSetAside ? ['removing'] : [])];
  if (cancelled === 'accepted') return new Set(removed);
  const done = { sound: ['ready'], broken: ['failed'], missing: ['failed'], unknown: ['ready', 'failed'] }[upload];
  return new Set([
    ...done,
    // With its record saying so, or still waiting for whoever redrives it.
    ...(isSetAside ? ['failed', 'queued', 'processing'] : []),
    ...(cancelled === 'unknown' ? removed : []),
  ]);
}
