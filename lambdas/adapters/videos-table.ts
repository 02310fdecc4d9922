import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { Tables } from '../contract/tables.ts';
import { RENDITION_NAMES, VIDEO_KEPT_DAYS } from '../contract/video.ts';
import type { TransactionItem } from './outbox.ts';

const { partitionKey: KEY, ttl: TTL } = Tables.videos;

const MediaFacts = v.object({
  /** Such as `mp4` or `jpeg`. */
  format: v.string(),
  /** As it is shown, in pixels. */
  width: v.number(),
  height: v.number(),
  /** Absent for an image, and for a video that does not say it, as browsers record them. */
  durationMs: v.optional(v.number()),
  /** Of its tracks, as their makers call them. */
  codecs: v.array(v.string()),
});
/** What was found out of an upload. */
export type MediaFacts = v.InferOutput<typeof MediaFacts>;

const StoredRendition = v.object({
  name: v.picklist(RENDITION_NAMES),
  key: v.string(),
  contentType: v.string(),
  width: v.number(),
  height: v.number(),
  bytes: v.number(),
});
/** A file that was made of an upload, and where it lies. */
export type StoredRendition = v.InferOutput<typeof StoredRendition>;

const VideoRecord = v.object({
  videoId: v.string(),
  /** Who uploaded it, and alone may see it. */
  ownerId: v.string(),
  title: v.string(),
  /** Key of the upload. */
  source: v.string(),
  /**
   * `queued` → `processing` → `ready` or `failed`. Both of the first may become `cancelled`, both of the last `removing`:
   * its files are being removed, and the record goes with the last of them.
   */
  status: v.picklist(['queued', 'processing', 'ready', 'failed', 'cancelled', 'removing']),
  /** In ms since the epoch. */
  acceptedAtMs: v.number(),
  /** 0 to 100. */
  progress: v.number(),
  claimId: v.optional(v.string()),
  /** Until when whoever has the claim may still be at work, in ms since the epoch. */
  leaseUntilMs: v.optional(v.number()),
  facts: v.optional(MediaFacts),
  renditions: v.optional(v.array(StoredRendition)),
  /** Why it failed, for its owner. */
  reason: v.optional(v.string()),
  /** Set where it failed for no fault of the upload's: work on it may be taken up again. */
  mayRecover: v.optional(v.boolean()),
});
export type VideoRecord = v.InferOutput<typeof VideoRecord>;

export type NewVideo = Pick<VideoRecord, 'videoId' | 'ownerId' | 'title' | 'source' | 'acceptedAtMs'>;

/** Who works on a video. Nobody else knows `claimId`. */
export interface VideoClaim {
  readonly videoId: string;
  readonly claimId: string;
}

export interface VideoFailure {
  readonly videoId: string;
  readonly reason: string;
  readonly nowMs: number;
  /** Who says so. Without it: whoever finds that nobody is at work on it. */
  readonly claimId?: string;
  readonly mayRecover: boolean;
}

/** Each change is one conditional write, so that of any number of callers one has its way; false where another had. */
export interface VideosTable {
  /** Creates the record together with `alongside`. False where the id is taken, and nothing was written. */
  accept(video: NewVideo, alongside: readonly TransactionItem[]): Promise<boolean>;
  /** Read consistently. */
  find(videoId: string): Promise<VideoRecord | undefined>;
  /** Begins work on a video that waits, or that somebody was at work on whose lease is over. */
  claim(
    claim: VideoClaim & { readonly nowMs: number; readonly leaseUntilMs: number },
  ): Promise<VideoRecord | undefined>;
  /** False also tells whoever has the claim that the video was cancelled. */
  advance(claim: VideoClaim, progress: number): Promise<boolean>;
  /** Gives the claim back: the next one need not wait until the lease is over. */
  release(claim: VideoClaim): Promise<boolean>;
  /** Ends the work, together with `alongside`. */
  finish(
    claim: VideoClaim,
    result: { readonly facts: MediaFacts; readonly renditions: readonly StoredRendition[] },
    alongside: readonly TransactionItem[],
  ): Promise<boolean>;
  /** Ends the work without a result, together with `alongside`. */
  fail(failure: VideoFailure, alongside: readonly TransactionItem[]): Promise<boolean>;
  cancel(videoId: string, nowMs: number): Promise<boolean>;
  /** Records that nobody works on a cancelled video any more, and that nothing is left of what was made. */
  settle(claim: VideoClaim): Promise<boolean>;
  /** Ends a video that is ready or has failed, together with `alongside`, which is to remove its files. */
  startRemoval(videoId: string, alongside: readonly TransactionItem[]): Promise<boolean>;
  /** Removes the record of a video whose removal was started. */
  remove(videoId: string): Promise<boolean>;
}

/** Two transactions met at an item: neither was wrong, and the one that was refused may be sent again at once. */
const CONFLICT_ATTEMPTS = 3;
const IS_CLAIMED = '#status = :processing AND claimId = :claim';

export function createVideosTable(client: DynamoDBDocumentClient, tableName: string): VideosTable {
  const find: VideosTable['find'] = async (videoId) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: videoId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(VideoRecord, Item);
  };
  const change = (videoId: string, update: string, condition: string, values: Record<string, unknown>) => ({
    TableName: tableName,
    Key: { [KEY]: videoId },
    UpdateExpression: update,
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#status': 'status', ...(update.includes('#ttl') && { '#ttl': TTL }) },
    ExpressionAttributeValues: values,
  });
  const update = (...args: Parameters<typeof change>) =>
    ifConditionHolds(() => client.send(new UpdateCommand(change(...args))));
  /** The first write is the one whose condition decides. */
  const transact = (items: readonly TransactionItem[]) =>
    ifConditionHolds(() => client.send(new TransactWriteCommand({ TransactItems: [...items] })));

  return {
    find,
    accept: (video, alongside) =>
      transact([
        {
          Put: {
            TableName: tableName,
            Item: { ...video, status: 'queued', progress: 0 },
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': KEY },
          },
        },
        ...alongside,
      ]),
    async claim({ videoId, claimId, nowMs, leaseUntilMs }) {
      const isOurs = await update(
        videoId,
        'SET #status = :processing, progress = :none, claimId = :claim, leaseUntilMs = :lease REMOVE reason, mayRecover, #ttl',
        '#status = :queued OR (#status = :processing AND leaseUntilMs <= :now) OR (#status = :failed AND mayRecover = :yes)',
        {
          ':queued': 'queued',
          ':processing': 'processing',
          ':failed': 'failed',
          ':claim': claimId,
          ':lease': leaseUntilMs,
          ':now': nowMs,
          ':none': 0,
          ':yes': true,
        },
      );
      const record = await find(videoId);
      // Where it is not: our own first attempt may have been written and its answer lost.
      return isOurs || (record?.status === 'processing' && record.claimId === claimId) ? record : undefined;
    },
    advance: ({ videoId, claimId }, progress) =>
      update(videoId, 'SET progress = :progress', IS_CLAIMED, {
        ':progress': progress,
        ':processing': 'processing',
        ':claim': claimId,
      }),
    release: ({ videoId, claimId }) =>
      update(videoId, 'SET #status = :queued, progress = :none REMOVE claimId, leaseUntilMs', IS_CLAIMED, {
        ':queued': 'queued',
        ':none': 0,
        ':processing': 'processing',
        ':claim': claimId,
      }),
    finish: ({ videoId, claimId }, { facts, renditions }, alongside) => {
      const values = {
        ':ready': 'ready',
        ':facts': facts,
        ':renditions': renditions,
        ':all': 100,
        ':processing': 'processing',
        ':claim': claimId,
      };
      const set = 'SET #status = :ready, progress = :all, facts = :facts, renditions = :renditions';
      return transact([
        { Update: change(videoId, `${set} REMOVE claimId, leaseUntilMs`, IS_CLAIMED, values) },
        ...alongside,
      ]);
    },
    fail: ({ videoId, reason, nowMs, claimId, mayRecover }, alongside) => {
      const values = {
        ':failed': 'failed',
        ':reason': reason,
        ':recover': mayRecover,
        ...(!mayRecover && { ':expires': expiresAt(nowMs) }),
        ':processing': 'processing',
        ...(claimId === undefined ? { ':queued': 'queued', ':now': nowMs } : { ':claim': claimId }),
      };
      // What may recover stays until then, or until its owner removes it: files of an earlier attempt would stay for ever.
      const ends = mayRecover ? '' : ', #ttl = :expires';
      const set = `SET #status = :failed, reason = :reason, mayRecover = :recover${ends}`;
      const isLeft = '#status = :queued OR (#status = :processing AND leaseUntilMs <= :now)';
      const condition = claimId === undefined ? isLeft : IS_CLAIMED;
      return transact([
        { Update: change(videoId, `${set} REMOVE claimId, leaseUntilMs`, condition, values) },
        ...alongside,
      ]);
    },
    // A claim stays: whoever has it may have left files, which are removed once they have stopped.
    cancel: (videoId, nowMs) =>
      update(videoId, 'SET #status = :cancelled, #ttl = :expires', '#status = :queued OR #status = :processing', {
        ':cancelled': 'cancelled',
        ':expires': expiresAt(nowMs),
        ':queued': 'queued',
        ':processing': 'processing',
      }),
    settle: ({ videoId, claimId }) =>
      update(videoId, 'REMOVE claimId, leaseUntilMs', '#status = :cancelled AND claimId = :claim', {
        ':cancelled': 'cancelled',
        ':claim': claimId,
      }),
    startRemoval: (videoId, alongside) => {
      const values = { ':removing': 'removing', ':ready': 'ready', ':failed': 'failed' };
      // A record that was to end by itself stays until its files are gone.
      const set = 'SET #status = :removing REMOVE #ttl';
      return transact([
        { Update: change(videoId, set, '#status = :ready OR #status = :failed', values) },
        ...alongside,
      ]);
    },
    remove: (videoId) =>
      ifConditionHolds(() =>
        client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { [KEY]: videoId },
            ConditionExpression: '#status = :removing',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':removing': 'removing' },
          }),
        ),
      ),
  };
}

/** In seconds since the epoch. */
function expiresAt(nowMs: number): number {
  return Math.ceil(nowMs / 1_000) + VIDEO_KEPT_DAYS * 86_400;
}

/** False where the condition of the write, or that of the first one of a transaction, does not hold. Other conditions reject. */
async function ifConditionHolds(write: () => Promise<unknown>): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException || isRefusedByFirst(error)) return false;
      if (!isConflict(error) || attempt === CONFLICT_ATTEMPTS) throw error;
    }
  }
}

function isRefusedByFirst(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';
}

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code).filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => code === 'TransactionConflict');
}
