import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { PARKED_FINISH_SECONDS, PARKED_KEPT_SECONDS } from '../../contract/parked.ts';
import { Tables } from '../../contract/tables.ts';

const { partitionKey: KEY, ttl: TTL } = Tables.parked;

const StoredAnswer = v.object({
  statusCode: v.number(),
  headers: v.record(v.string(), v.string()),
  /** As it was sent; absent where it was too large for an item. */
  body: v.optional(v.string()),
});
export type StoredAnswer = v.InferOutput<typeof StoredAnswer>;

const ParkedRecord = v.object({
  parkedId: v.string(),
  /** Who parked it, and alone may ask for it. */
  sub: v.string(),
  tenant: v.optional(v.string()),
  /** `<method> <path>`. */
  route: v.string(),
  /**
   * `queued` → `running` → `done`. `queued` → `expired` where nobody began it in time: it had no effect. `running` →
   * `abandoned` where it was begun and could not be finished: whether it had its effect is unknown.
   */
  status: v.picklist(['queued', 'running', 'done', 'expired', 'abandoned']),
  /** All times in ms since the epoch. */
  parkedAtMs: v.number(),
  deadlineMs: v.number(),
  /** When it will probably be done, as told at parking. */
  estimatedAtMs: v.number(),
  /** How often it was begun. */
  attempts: v.number(),
  claimId: v.optional(v.string()),
  /** Until when whoever has the claim may still be at work. */
  leaseUntilMs: v.optional(v.number()),
  answer: v.optional(StoredAnswer),
});
export type ParkedRecord = v.InferOutput<typeof ParkedRecord>;

export type NewParkedRecord = Omit<ParkedRecord, 'status' | 'attempts' | 'claimId' | 'leaseUntilMs' | 'answer'>;

/** Who begins a parked request, and until when that may take. */
export interface ParkedClaim {
  readonly parkedId: string;
  readonly claimId: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** Each change is one conditional write, so that of any number of callers one has its way. */
export interface ParkedTable {
  create(record: NewParkedRecord): Promise<void>;
  /** Read consistently. */
  find(parkedId: string): Promise<ParkedRecord | undefined>;
  /** Undoes `create`. False if somebody has begun the request in the meantime. */
  withdraw(parkedId: string): Promise<boolean>;
  /** Begins a request that is queued and in time, or one that was begun by somebody whose lease is over. */
  claim(claim: ParkedClaim): Promise<boolean>;
  /** Ends what was begun under the claim. False if somebody else has it now. */
  finish(claim: Pick<ParkedClaim, 'parkedId' | 'claimId'>, answer: StoredAnswer): Promise<boolean>;
  /** Ends a queued request whose deadline has passed. False if it is not one. */
  expire(parkedId: string, nowMs: number): Promise<boolean>;
  /** Ends a request that was begun by somebody whose lease is over. False if it is not one. */
  abandon(parkedId: string, nowMs: number): Promise<boolean>;
}

export function createParkedTable(client: DynamoDBDocumentClient, tableName: string): ParkedTable {
  const find: ParkedTable['find'] = async (parkedId) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: parkedId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(ParkedRecord, Item);
  };
  const update = (parkedId: string, change: string, condition: string, values: Record<string, unknown>) =>
    ifConditionHolds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { [KEY]: parkedId },
          UpdateExpression: change,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: values,
        }),
      ),
    );
  return {
    find,
    async create(record) {
      const item = { ...record, status: 'queued', attempts: 0, [TTL]: expiresAt(record.deadlineMs) };
      // An own attempt whose answer was lost may have written it. A late one must not undo what has happened since.
      await ifConditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: item,
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': KEY },
          }),
        ),
      );
    },
    async withdraw(parkedId) {
      const isGone = await ifConditionHolds(
        client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { [KEY]: parkedId },
            ConditionExpression: 'attribute_not_exists(#key) OR #status = :queued',
            ExpressionAttributeNames: { '#key': KEY, '#status': 'status' },
            ExpressionAttributeValues: { ':queued': 'queued' },
          }),
        ),
      );
      return isGone;
    },
    async claim({ parkedId, claimId, nowMs, leaseUntilMs }) {
      const isOurs = await update(
        parkedId,
        'SET #status = :running, claimId = :claim, leaseUntilMs = :lease ADD attempts :one',
        '(#status = :queued AND deadlineMs > :now) OR (#status = :running AND leaseUntilMs <= :now)',
        {
          ':queued': 'queued',
          ':running': 'running',
          ':claim': claimId,
          ':lease': leaseUntilMs,
          ':now': nowMs,
          ':one': 1,
        },
      );
      // Our own first attempt may have been written and its answer lost. Nobody else knows `claimId`.
      return isOurs || (await find(parkedId))?.claimId === claimId;
    },
    async finish({ parkedId, claimId }, answer) {
      const isOurs = await update(
        parkedId,
        'SET #status = :done, answer = :answer',
        '#status = :running AND claimId = :claim',
        {
          ':done': 'done',
          ':running': 'running',
          ':claim': claimId,
          ':answer': answer,
        },
      );
      if (isOurs) return true;
      const record = await find(parkedId);
      return record?.status === 'done' && record.claimId === claimId;
    },
    async expire(parkedId, nowMs) {
      return update(parkedId, 'SET #status = :expired', '#status = :queued AND deadlineMs <= :now', {
        ':expired': 'expired',
        ':queued': 'queued',
        ':now': nowMs,
      });
    },
    async abandon(parkedId, nowMs) {
      return update(parkedId, 'SET #status = :abandoned', '#status = :running AND leaseUntilMs <= :now', {
        ':abandoned': 'abandoned',
        ':running': 'running',
        ':now': nowMs,
      });
    },
  };
}

/** The longest life of a record, in seconds since the epoch: nobody works on it any more, and its caller has had time. */
function expiresAt(deadlineMs: number): number {
  return Math.ceil(deadlineMs / 1_000) + PARKED_FINISH_SECONDS + PARKED_KEPT_SECONDS;
}

async function ifConditionHolds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
