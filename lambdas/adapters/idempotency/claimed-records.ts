import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyRecordStatus,
  PERSISTENCE_ATTRIBUTE_KEY_MAPPINGS,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Tables } from '../../contract/tables.ts';
import type { Clock } from '../clock.ts';
import type { ServiceLogger } from '../logger.ts';
import type { TransactionItem } from '../outbox.ts';

const { partitionKey: KEY } = Tables.idempotency;
/** Names who has the record: an attribute beside those of Powertools. */
const CLAIM = 'claim';
const { statusAttr, expiryAttr, inProgressExpiryAttr, dataAttr, validationKeyAttr } =
  PERSISTENCE_ATTRIBUTE_KEY_MAPPINGS;
const NAMES = { '#status': statusAttr, '#claim': CLAIM };

export interface ClaimedRecordsOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Key of the one record that these are about. */
  readonly id: string;
  /** Unique to this run. */
  readonly claim: string;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

/**
 * The records of Powertools, of which a run changes only its own. Powertools writes by key alone: a run that took longer
 * than its time would overwrite, or delete, the record of the one that took over, and a `put` that arrived and whose answer
 * was lost would be refused as somebody else's when the SDK tries again.
 *
 * What fails after the handler is logged and no more: its effect is there, and whoever is told that the request failed
 * would send it again. Until the record ends they are told that it runs, and then it is run again under the same effect id.
 */
export class ClaimedRecords extends DynamoDBPersistenceLayer {
  readonly #options: ClaimedRecordsOptions;
  /** Whether the handler's own transaction has completed the record. */
  isCompleted = false;

  constructor(options: ClaimedRecordsOptions) {
    // A document client is a client; without one there would be a new one for each request.
    super({ tableName: options.tableName, keyAttr: KEY, awsSdkV3Client: options.client as unknown as DynamoDBClient });
    this.#options = options;
  }

  /** Completes the record within a transaction, which fails where somebody else has it by now. */
  completion(data: unknown): TransactionItem {
    const { tableName, id, claim } = this.#options;
    return {
      Update: {
        TableName: tableName,
        Key: { [KEY]: id },
        UpdateExpression: 'SET #status = :completed, #data = :data, #expiry = :expiry',
        ConditionExpression: '#claim = :claim AND #status = :running',
        ExpressionAttributeNames: { ...NAMES, '#data': dataAttr, '#expiry': expiryAttr },
        ExpressionAttributeValues: {
          ':completed': IdempotencyRecordStatus.COMPLETED,
          ':running': IdempotencyRecordStatus.INPROGRESS,
          ':claim': claim,
          ':data': data,
          ':expiry': this.#expiry(),
        },
      },
    };
  }

  /** The caller's id is a digest already. */
  protected override getHashedIdempotencyKey(): string {
    return this.#options.id;
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const { client, tableName, id, claim, clock } = this.#options;
    const nowMs = clock.now();
    try {
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            [KEY]: id,
            [CLAIM]: claim,
            [statusAttr]: record.getStatus(),
            [expiryAttr]: this.#expiry(),
            [inProgressExpiryAttr]: record.inProgressExpiryTimestamp,
            [validationKeyAttr]: record.payloadHash,
          },
          // As Powertools words it: not there, or over, or begun by a function whose time is over.
          ConditionExpression:
            'attribute_not_exists(#id) OR #expiry < :now OR (#status = :running AND #inProgressExpiry < :nowMs)',
          ExpressionAttributeNames: {
            '#id': KEY,
            '#expiry': expiryAttr,
            '#status': statusAttr,
            '#inProgressExpiry': inProgressExpiryAttr,
          },
          ExpressionAttributeValues: {
            ':now': nowMs / 1_000,
            ':nowMs': nowMs,
            ':running': IdempotencyRecordStatus.INPROGRESS,
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const item = error.Item && unmarshall(error.Item);
      // Our own first attempt was written and its answer lost. Nobody else knows `claim`.
      if (item?.[CLAIM] === claim) return;
      throw new IdempotencyItemAlreadyExistsError('the record is there', item && toRecord(item));
    }
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    if (this.isCompleted) return;
    const { Update } = this.completion(record.responseData);
    if (Update === undefined) throw new TypeError('a completion is an update');
    await this.#settle('completed', (client) => client.send(new UpdateCommand(Update)));
  }

  protected override async _deleteRecord(): Promise<void> {
    const { tableName, id, claim } = this.#options;
    await this.#settle('deleted', (client) =>
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: { [KEY]: id },
          // A transaction of the handler may have completed it, and only its answer may have been lost.
          ConditionExpression: '#claim = :claim AND #status = :running',
          ExpressionAttributeNames: NAMES,
          ExpressionAttributeValues: { ':claim': claim, ':running': IdempotencyRecordStatus.INPROGRESS },
        }),
      ),
    );
  }

  /** In seconds since the epoch. */
  #expiry(): number {
    return Math.round(this.#options.clock.now() / 1_000) + this.getExpiresAfterSeconds();
  }

  async #settle(what: string, write: (client: DynamoDBDocumentClient) => Promise<unknown>): Promise<void> {
    const { client, logger, id } = this.#options;
    try {
      await write(client);
    } catch (error) {
      // Somebody took over, or the record is completed already.
      if (error instanceof ConditionalCheckFailedException) return;
      logger.error(`an idempotency record could not be ${what}`, { id, error });
    }
  }
}

function toRecord(item: Record<string, unknown>): IdempotencyRecord {
  return new IdempotencyRecord({
    idempotencyKey: item[KEY] as string,
    status: item[statusAttr] as 'INPROGRESS' | 'COMPLETED',
    expiryTimestamp: item[expiryAttr] as number,
    inProgressExpiryTimestamp: item[inProgressExpiryAttr] as number,
    responseData: item[dataAttr] as Record<string, never>,
    payloadHash: item[validationKeyAttr] as string,
  });
}
