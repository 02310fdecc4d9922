import type { ResolvedResource } from '../../assembly/resolved-resource.ts';

/** What only the running services know; `undefined` falls back to the names of the template. */
export interface Lookups {
  /** ARN of a secret by name, partial ARN or ARN. */
  readonly secretArn?: (secretId: string) => string | undefined;
  /** ARN of a key by id, alias or ARN. */
  readonly keyArn?: (keyId: string) => string | undefined;
}

/** Names in calls → ARNs. */
export interface Names {
  readonly region: string;
  readonly accountId: string;
  /** `arn:aws:<service>:<region>:<account>:<tail>`. */
  arn(service: string, tail: string): string;
  /** `prefix` and a name, or the ARN that was given instead of it. */
  named(service: string, prefix: string, nameOrArn: string): string;
  table(nameOrArn: string): string;
  /** Attribute of the partition key of a table, or of its index; `undefined` of tables that no template declares. */
  tableKey(nameOrArn: string, index: string): string | undefined;
  secret(secretId: string): string;
  key(keyId: string): string;
  /** The one WebSocket API of the template, as `<API id>/<stage>`. */
  readonly webSocketStage: string | undefined;
}

export interface NamesOptions {
  readonly region: string;
  readonly accountId: string;
  readonly lookups?: Lookups;
}

/** Reads the names that the templates give: secrets have a suffix of their own, keys have aliases. */
export function createNames(
  resources: readonly ResolvedResource[],
  { region, accountId, lookups = {} }: NamesOptions,
): Names {
  const arn = (service: string, tail: string): string => `arn:aws:${service}:${region}:${accountId}:${tail}`;
  const named = (service: string, prefix: string, nameOrArn: string): string =>
    nameOrArn.startsWith('arn:') ? nameOrArn : arn(service, prefix + nameOrArn);
  const keyOf = (idOrArn: string): string => named('kms', 'key/', idOrArn);
  const secrets = new Map<string, string>();
  const aliases = new Map<string, string>();
  const tables = new Map<string, string>();
  const tableKeys = new Map<string, string>();
  for (const { type, physicalId, properties } of resources) {
    if (type === 'AWS::SecretsManager::Secret') {
      const withoutSuffix = physicalId.slice(0, -7);
      secrets.set(withoutSuffix, physicalId);
      secrets.set(withoutSuffix.slice(withoutSuffix.indexOf(':secret:') + ':secret:'.length), physicalId);
    }
    if (type === 'AWS::DynamoDB::Table' || type === 'AWS::DynamoDB::GlobalTable') {
      for (const [key, attribute] of partitionKeys(physicalId, properties)) tableKeys.set(key, attribute);
    }
    if (type === 'AWS::KMS::Alias') aliases.set(String(properties.AliasName), keyOf(String(properties.TargetKeyId)));
  }
  const webSockets = resources.filter(
    ({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && properties.ProtocolType === 'WEBSOCKET',
  );
  const [webSocket] = webSockets;
  const stage = resources.find(
    ({ type, properties }) => type === 'AWS::ApiGatewayV2::Stage' && properties.ApiId === webSocket?.physicalId,
  );
  return {
    region,
    accountId,
    arn,
    named,
    table: (name) => {
      let found = tables.get(name);
      if (found === undefined) {
        found = named('dynamodb', 'table/', name);
        if (tables.size < TABLES_REMEMBERED) tables.set(name, found);
      }
      return found;
    },
    tableKey: (nameOrArn, index) => tableKeys.get(`${nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)}/${index}`),
    secret: (secretId) => {
      const found = lookups.secretArn?.(secretId) ?? secrets.get(secretId);
      // AWS checks a name that no secret has, too; its suffix is not known.
      return found ?? (secretId.startsWith('arn:') ? secretId : arn('secretsmanager', `secret:${secretId}-??????`));
    },
    key: (keyId) => {
      const found = lookups.keyArn?.(keyId) ?? aliases.get(keyId.slice(keyId.indexOf('alias/')));
      return found ?? keyOf(keyId);
    },
    webSocketStage:
      webSockets.length === 1 && stage ? `${webSocket?.physicalId}/${String(stage.properties.StageName)}` : undefined,
  };
}

/** Names come from callers: what they make up must not fill the memory. */
const TABLES_REMEMBERED = 1_000;

interface Keyed {
  readonly IndexName?: string;
  readonly KeySchema?: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

/** `table/` and `table/index` → attribute of the partition key. */
function partitionKeys(table: string, properties: Record<string, unknown>): [string, string][] {
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = properties;
  const keyed = [properties, GlobalSecondaryIndexes, LocalSecondaryIndexes].flat() as Keyed[];
  return keyed.flatMap(({ IndexName = '', KeySchema = [] }): [string, string][] => {
    const hash = KeySchema.find(({ KeyType }) => KeyType === 'HASH');
    return hash ? [[`${table}/${IndexName}`, hash.AttributeName]] : [];
  });
}
