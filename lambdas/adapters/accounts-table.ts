import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { Tables } from '../contract/tables.ts';

const KEY = Tables.accounts.partitionKey;

const Account = v.object({
  /** Normalized: trimmed, lower case. */
  email: v.string(),
  /** ULID. */
  userId: v.string(),
  /** As `PasswordHasher.hash` encodes it. */
  passwordHash: v.string(),
  tier: v.string(),
  /** ISO 8601. */
  createdAt: v.string(),
});
export type Account = v.InferOutput<typeof Account>;

export interface AccountsTable {
  /** The account of a normalized address, read consistently: a sign-up is visible to the login that follows it. */
  find(email: string): Promise<Account | undefined>;
  /** Takes the address for this account. False when another account holds it. */
  claim(account: Account): Promise<boolean>;
}

export function createAccountsTable(client: DynamoDBDocumentClient, tableName: string): AccountsTable {
  const find = async (email: string): Promise<Account | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: email }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(Account, Item);
  };
  return {
    find,
    async claim(account) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: account,
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': KEY },
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The first attempt may have been written and its answer lost; the SDK's second one then meets our own item.
        return (await find(account.email))?.userId === account.userId;
      }
    },
  };
}
