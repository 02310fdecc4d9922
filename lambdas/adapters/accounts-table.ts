import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
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
  /** While the account belongs to no tenant. */
  tier: v.string(),
  /** Whether its tokens carry the scopes of administrators; set by `npm run grant-admin` alone. */
  administrator: v.optional(v.boolean()),
  /** Tenant that it belongs to, or once did: whoever reads it looks whether the tenant is still there. */
  tenantId: v.optional(v.string()),
  /** ISO 8601. */
  createdAt: v.string(),
});
export type Account = v.InferOutput<typeof Account>;

export interface AccountsTable {
  /** The account of a normalized address, read consistently: a sign-up is visible to the login that follows it. */
  find(email: string): Promise<Account | undefined>;
  /** Takes the address for this account. False when another account holds it. */
  claim(account: Account): Promise<boolean>;
  /** Makes the account one of the tenant's, and of no other. False without an account of this address. */
  joinTenant(email: string, tenantId: string): Promise<boolean>;
  /** Makes the account an administrator's, or one like all others. False without an account of this address. */
  setAdministrator(email: string, isAdministrator: boolean): Promise<boolean>;
}

export function createAccountsTable(client: DynamoDBDocumentClient, tableName: string): AccountsTable {
  const find = async (email: string): Promise<Account | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: email }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(Account, Item);
  };
  /** An update would otherwise create an account that nobody can log in to. */
  const update = async (email: string, UpdateExpression: string, value: string | boolean | undefined) => {
    try {
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { [KEY]: email },
          UpdateExpression,
          ConditionExpression: 'attribute_exists(#key)',
          ExpressionAttributeNames: { '#key': KEY },
          ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
  };
  return {
    find,
    joinTenant: (email, tenantId) => update(email, 'SET tenantId = :value', tenantId),
    setAdministrator: (email, isAdministrator) =>
      isAdministrator
        ? update(email, 'SET administrator = :value', true)
        : update(email, 'REMOVE administrator', undefined),
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
