import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { DrillDependency, type DrillOrder } from '../contract/drill.ts';
import { Tables } from '../contract/tables.ts';

const { partitionKey: KIND, sortKey: ID, ttl: TTL } = Tables.drill;
const DEPENDENCIES = 'dependencies';
/** What a drill writes is of no use the day after. */
const KEPT_SECONDS = 86_400;

const StoredOrder = v.object({ [ID]: v.string(), reference: v.string() });
const StoredDependency = v.object({ setting: DrillDependency });

export interface DrillTable {
  /** How slow and how broken a dependency was set to be; undefined where nobody did. */
  findDependency(name: string): Promise<DrillDependency | undefined>;
  setDependency(name: string, setting: DrillDependency): Promise<void>;
  /** Writes the order unless one with its id is there already. */
  putOrderOnce(ownerId: string, order: DrillOrder, placedAtMs: number): Promise<void>;
  /** In order of their ids, at most `maxItems`, with ids above `after`. */
  ordersOf(ownerId: string, query: { after: string | undefined; maxItems: number }): Promise<DrillOrder[]>;
}

export function createDrillTable(client: DynamoDBDocumentClient, tableName: string): DrillTable {
  return {
    async findDependency(name) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { [KIND]: DEPENDENCIES, [ID]: name } }),
      );
      return Item && v.parse(StoredDependency, Item).setting;
    },
    async setDependency(name, { latencyMs, failureRatio }) {
      // DynamoDB's smallest number above 0 is 1e-130.
      const setting = { latencyMs, failureRatio: Math.round(failureRatio * 1e6) / 1e6 };
      await client.send(new PutCommand({ TableName: tableName, Item: { [KIND]: DEPENDENCIES, [ID]: name, setting } }));
    },
    async putOrderOnce(ownerId, { id, reference }, placedAtMs) {
      const placedAt = new Date(placedAtMs).toISOString();
      const expiresAt = Math.floor(placedAtMs / 1_000) + KEPT_SECONDS;
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { [KIND]: ordersOf(ownerId), [ID]: id, reference, placedAt, [TTL]: expiresAt },
            ConditionExpression: 'attribute_not_exists(#id)',
            ExpressionAttributeNames: { '#id': ID },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    async ordersOf(ownerId, { after, maxItems }) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: after === undefined ? '#kind = :kind' : '#kind = :kind AND #id > :after',
          ExpressionAttributeNames: { '#kind': KIND, ...(after !== undefined && { '#id': ID }) },
          ExpressionAttributeValues: { ':kind': ordersOf(ownerId), ...(after !== undefined && { ':after': after }) },
          // What was written just now is counted: who drives the drill looks right after the last answer.
          ConsistentRead: true,
          Limit: maxItems,
        }),
      );
      return Items.map((item) => {
        const { [ID]: id, reference } = v.parse(StoredOrder, item);
        return { id, reference };
      });
    },
  };
}

function ordersOf(ownerId: string): string {
  return `orders of ${ownerId}`;
}
