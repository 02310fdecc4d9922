import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { OperatorError } from '../redrive/operator-error.ts';

/** Where an event is in the archive. */
export interface ArchivePosition {
  readonly key: string;
  /** 1 for the first. */
  readonly line: number;
}

export interface ArchivedEvent {
  readonly position: ArchivePosition;
  /** The CloudEvent as it was published. */
  readonly text: string;
  readonly type: string;
  readonly subject: string;
  readonly timeMs: number;
}

export interface ArchiveRange {
  /** Events of this time, in ms since the epoch, or later. */
  readonly fromMs: number;
  /** Events earlier than this. */
  readonly toMs: number;
  /** For how long after its time an event may have come into the archive, in ms. */
  readonly lateMs: number;
  /** Where to begin, instead of at the beginning. */
  readonly resumeAt?: ArchivePosition | undefined;
}

/** As `lib/messaging/event-archive.ts` has Firehose write it: by the hour (UTC) in which events arrived, one on each line. */
const PREFIX = 'events/';
const HOUR_MS = 3_600_000;

const Line = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ id: v.string(), type: v.string(), subject: v.string(), time: v.pipe(v.string(), v.isoTimestamp()) }),
);

/**
 * Events of a range of time, in the order of the archive: by object, whose names begin with their time, and line. Firehose
 * keeps the order of a shard, and so that of a subject, but for what it had to deliver twice.
 * @throws OperatorError for what is no event
 */
export async function* readArchive(
  client: S3Client,
  bucket: string,
  { fromMs, toMs, lateMs, resumeAt }: ArchiveRange,
): AsyncGenerator<ArchivedEvent> {
  const lastMs = toMs - 1 + lateMs;
  for (let hourMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS; hourMs <= lastMs; hourMs += HOUR_MS) {
    for await (const key of listKeys(client, bucket, hourPrefix(hourMs))) {
      if (resumeAt !== undefined && key < resumeAt.key) continue;
      for await (const event of readObject(client, bucket, key)) {
        if (resumeAt?.key === key && event.position.line < resumeAt.line) continue;
        if (event.timeMs >= fromMs && event.timeMs < toMs) yield event;
      }
    }
  }
}

/** `events/2026/11/22/10/` */
function hourPrefix(ms: number): string {
  return `${PREFIX}${new Date(ms).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/')}/`;
}

/** In the order of their names, which S3 lists them in. */
async function* listKeys(client: S3Client, bucket: string, prefix: string): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function* readObject(client: S3Client, bucket: string, key: string): AsyncGenerator<ArchivedEvent> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  // In Node it is a stream. A fault of it reaches whoever reads the lines only by way of the unpacked one.
  const packed = Body as Readable;
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  let line = 0;
  for await (const text of createInterface({ input: packed.pipe(unpacked), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    const read = v.safeParse(Line, text);
    if (!read.success) throw new OperatorError(`line ${line} of s3://${bucket}/${key} is no CloudEvent`);
    const { type, subject, time } = read.output;
    yield { position: { key, line }, text, type, subject, timeMs: Date.parse(time) };
  }
}
