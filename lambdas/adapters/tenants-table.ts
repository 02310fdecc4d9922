import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { Tables } from '../contract/tables.ts';
import { TENANT_STATES } from '../contract/tenants.ts';
import { ULID_PATTERN } from '../contract/ulid-pattern.ts';

const KEY = Tables.tenants.partitionKey;
/** 80 bits: no two names of one system share a digest by accident. */
const DIGEST_HEX_LENGTH = 20;

const Tenant = v.object({
  /**
   * `<digest of the name>-<ULID>`: the first part is the key of the table, so that a name is unique without an index, and
   * the second tells a tenant from one that had its name before.
   */
  tenantId: v.string(),
  name: v.string(),
  tier: v.string(),
  /** What tokens of outside issuers call it. */
  claim: v.optional(v.string()),
  state: v.picklist(TENANT_STATES),
  /** Id of its API key; absent until it is known to be in the usage plan. */
  keyId: v.optional(v.string()),
  /** ISO 8601. */
  createdAt: v.string(),
});
export type Tenant = v.InferOutput<typeof Tenant>;

export interface TenantsTable {
  /** Read consistently. */
  find(tenantId: string): Promise<Tenant | undefined>;
  /** Takes the name for this tenant; answers whoever has it: this one, or one that was there before. */
  claim(tenant: Tenant): Promise<Tenant>;
  /** Says that the key is in the plan. False once the tenant is being deleted, or gone. */
  activate(tenantId: string, keyId: string): Promise<boolean>;
  /** From now on it is never active again. False where it is gone. */
  startDeletion(tenantId: string): Promise<boolean>;
  /** Frees the name of a tenant whose deletion was started. */
  remove(tenantId: string): Promise<void>;
}

/** The id of a new tenant. Names that differ in case, in the spaces around them, or in how accents are written, are one. */
export function newTenantId(name: string, ulid: string): string {
  const normalized = name.trim().normalize('NFC').toLowerCase();
  return `${createHash('sha256').update(normalized).digest('hex').slice(0, DIGEST_HEX_LENGTH)}-${ulid}`;
}

/** What the tokens of the tenant's people call it, ours and those of outside issuers alike: its key is made of it. */
export function tenantClaim({ claim, tenantId }: Tenant): string {
  return claim ?? tenantId;
}

export function createTenantsTable(client: DynamoDBDocumentClient, tableName: string): TenantsTable {
  const read = async (digest: string): Promise<Tenant | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { [KEY]: digest }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : v.parse(Tenant, Item);
  };
  const update = (tenantId: string, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>) =>
    unlessRefused(async () => {
      await client.send(new UpdateCommand({ TableName: tableName, Key: { [KEY]: digestOf(tenantId) }, ...input }));
    });
  return {
    async find(tenantId) {
      // Whatever else stands in a path is asked of nobody.
      if (!isTenantId(tenantId)) return undefined;
      const tenant = await read(digestOf(tenantId));
      return tenant?.tenantId === tenantId ? tenant : undefined;
    },
    async claim(tenant) {
      const digest = digestOf(tenant.tenantId);
      // Once more, should the tenant that had the name go just between the refusal and the look at it.
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const isOurs = await unlessRefused(async () => {
          await client.send(
            new PutCommand({
              TableName: tableName,
              Item: { [KEY]: digest, ...tenant },
              ConditionExpression: 'attribute_not_exists(#key)',
              ExpressionAttributeNames: { '#key': KEY },
            }),
          );
        });
        const owner = isOurs ? tenant : await read(digest);
        if (owner !== undefined) return owner;
      }
      throw new Error(`the tenant name '${tenant.name}' was taken and freed twice within one request`);
    },
    activate: (tenantId, keyId) =>
      update(tenantId, {
        UpdateExpression: 'SET #state = :active, keyId = :keyId',
        ConditionExpression: 'tenantId = :tenantId AND #state <> :deleting',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':active': 'active',
          ':deleting': 'deleting',
          ':keyId': keyId,
          ':tenantId': tenantId,
        },
      }),
    startDeletion: (tenantId) =>
      update(tenantId, {
        UpdateExpression: 'SET #state = :deleting',
        ConditionExpression: 'tenantId = :tenantId',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':deleting': 'deleting', ':tenantId': tenantId },
      }),
    async remove(tenantId) {
      await unlessRefused(async () => {
        await client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { [KEY]: digestOf(tenantId) },
            ConditionExpression: 'tenantId = :tenantId AND #state = :deleting',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':deleting': 'deleting', ':tenantId': tenantId },
          }),
        );
      });
    },
  };
}

function isTenantId(text: string): boolean {
  return /^[0-9a-f]{20}-/.test(text) && ULID_PATTERN.test(text.slice(DIGEST_HEX_LENGTH + 1));
}

function digestOf(tenantId: string): string {
  return tenantId.slice(0, DIGEST_HEX_LENGTH);
}

/** Whether a conditional write took place. */
async function unlessRefused(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
