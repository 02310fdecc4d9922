import type { Input } from '../../aws-call.ts';
import type {
  AttributeDefinition,
  IndexDefinition,
  KeySchemaElement,
  ProvisionedThroughput,
  StreamSpecification,
} from '../storage/table-definition.ts';
import { checkInput, type MemberRules, type OperationRules, rulesOf } from './dynalite.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface CreateTableRequest {
  readonly TableName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly GlobalSecondaryIndexes?: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes?: readonly IndexDefinition[];
  readonly BillingMode?: string;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly StreamSpecification?: StreamSpecification;
  readonly DeletionProtectionEnabled?: boolean;
  readonly TableClass?: string;
  readonly Tags?: readonly Tag[];
}

export interface IndexUpdate {
  readonly Create?: IndexDefinition;
  readonly Delete?: { readonly IndexName: string };
  readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput: ProvisionedThroughput };
}

export interface UpdateTableRequest {
  readonly TableName: string;
  readonly AttributeDefinitions?: readonly AttributeDefinition[];
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
  readonly BillingMode?: string;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly StreamSpecification?: StreamSpecification;
  readonly DeletionProtectionEnabled?: boolean;
  readonly TableClass?: string;
}

/** The key of a global index may have four attributes of each kind. */
const KEY_ATTRIBUTES_MAX = 4;
type Rules = Readonly<Record<string, unknown>> & { readonly children: { readonly children: MemberRules } };

const SHARED = {
  StreamSpecification: {
    type: 'FieldStruct<StreamSpecification>',
    children: {
      StreamEnabled: { type: 'Boolean', notNull: true },
      StreamViewType: { type: 'String', enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] },
    },
  },
  DeletionProtectionEnabled: 'Boolean',
  TableClass: { type: 'String', enum: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] },
};
const TAGS = { type: 'List', children: { type: 'ValueStruct<Tag>', children: { Key: 'String', Value: 'String' } } };

const CREATE = createRules();
const UPDATE = updateRules();

/** @throws AwsError ValidationException */
export function readCreateTable(input: Input): CreateTableRequest {
  return checkInput(input, CREATE) as unknown as CreateTableRequest;
}

/** @throws AwsError ValidationException */
export function readUpdateTable(input: Input): UpdateTableRequest {
  return checkInput(input, UPDATE) as unknown as UpdateTableRequest;
}

function createRules(): OperationRules {
  const { types, custom } = rulesOf('createTable');
  const indexes = withLongKeys(types.GlobalSecondaryIndexes as Rules);
  return {
    types: { ...types, ...SHARED, GlobalSecondaryIndexes: indexes, Tags: TAGS },
    custom: (data, store) => {
      const request = data as unknown as CreateTableRequest;
      const indexed = request.GlobalSecondaryIndexes ?? [];
      const wrong = indexed.map((index) => wrongKeySchema(index)).find((message) => message !== undefined);
      return wrong ?? custom?.(withShortKeys(data), store) ?? streamMessage(request) ?? unusedAttributes(request);
    },
  };
}

function updateRules(): OperationRules {
  const { types, custom } = rulesOf('updateTable');
  const updates = types.GlobalSecondaryIndexUpdates as {
    readonly children: { readonly children: { readonly Create: { readonly children: MemberRules } } };
  };
  const { Create } = updates.children.children;
  const { KeySchema, ProvisionedThroughput } = Create.children as Readonly<Record<string, object>>;
  const create = {
    ...Create,
    children: {
      ...Create.children,
      KeySchema: { ...KeySchema, lengthLessThanOrEqual: KEY_ATTRIBUTES_MAX * 2 },
      // On-demand tables, which dynalite does not know to gain indexes, have none.
      ProvisionedThroughput: optional(ProvisionedThroughput),
    },
  };
  const { AttributeDefinitions } = rulesOf('createTable').types as Readonly<Record<string, object>>;
  return {
    types: {
      ...types,
      ...SHARED,
      AttributeDefinitions: optional(AttributeDefinitions),
      GlobalSecondaryIndexUpdates: {
        ...updates,
        children: { ...updates.children, children: { ...updates.children.children, Create: create } },
      },
    },
    custom: (data, store) => {
      const request = data as unknown as UpdateTableRequest;
      const hasOther =
        request.StreamSpecification !== undefined ||
        request.DeletionProtectionEnabled !== undefined ||
        request.TableClass !== undefined;
      const message = custom?.(data, store);
      if (message && !(hasOther && message.startsWith('At least one of'))) return message;
      for (const { Create: index } of request.GlobalSecondaryIndexUpdates ?? []) {
        const wrong = index && wrongKeySchema(index);
        if (wrong) return wrong;
      }
      return streamMessage(request);
    },
  };
}

function optional(rules: object = {}): object {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => name !== 'notNull'));
}

function withLongKeys(rules: Rules) {
  const { KeySchema } = rules.children.children as Readonly<Record<string, object>>;
  const children = {
    ...rules.children.children,
    KeySchema: { ...KeySchema, lengthLessThanOrEqual: KEY_ATTRIBUTES_MAX * 2 },
  };
  return { ...rules, children: { ...rules.children, children } };
}

/** What dynalite's rules can check of keys with several attributes: the first of each kind. */
function withShortKeys(data: Record<string, unknown>): Record<string, unknown> {
  const indexes = data.GlobalSecondaryIndexes as readonly IndexDefinition[] | undefined;
  if (!indexes?.some(({ KeySchema }) => KeySchema.length > 2)) return data;
  const GlobalSecondaryIndexes = indexes.map((index) => {
    const first = (type: string) => index.KeySchema.filter(({ KeyType }) => KeyType === type).slice(0, 1);
    return { ...index, KeySchema: [...first('HASH'), ...first('RANGE')] };
  });
  return { ...data, GlobalSecondaryIndexes };
}

function wrongKeySchema({ KeySchema }: IndexDefinition): string | undefined {
  const count = (type: string) => KeySchema.filter(({ KeyType }) => KeyType === type).length;
  if (KeySchema.length <= 2) return undefined;
  if (KeySchema[0]?.KeyType !== 'HASH') {
    return 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type';
  }
  const firstRange = KeySchema.findIndex(({ KeyType }) => KeyType === 'RANGE');
  if (firstRange >= 0 && KeySchema.slice(firstRange).some(({ KeyType }) => KeyType !== 'RANGE')) {
    return 'Invalid KeySchema: All HASH key elements must come before the RANGE key elements';
  }
  if (count('HASH') > KEY_ATTRIBUTES_MAX || count('RANGE') > KEY_ATTRIBUTES_MAX) {
    return `Invalid KeySchema: A key may have at most ${KEY_ATTRIBUTES_MAX} HASH and ${KEY_ATTRIBUTES_MAX} RANGE elements`;
  }
  if (new Set(KeySchema.map(({ AttributeName }) => AttributeName)).size < KeySchema.length) {
    return 'Invalid KeySchema: Two elements of the KeySchema have the same name';
  }
  return undefined;
}

function streamMessage({ StreamSpecification }: { readonly StreamSpecification?: StreamSpecification }) {
  if (!StreamSpecification) return undefined;
  const { StreamEnabled, StreamViewType } = StreamSpecification;
  if (StreamEnabled && StreamViewType === undefined) {
    return 'One or more parameter values were invalid: StreamViewType must be specified if StreamEnabled is true';
  }
  if (StreamEnabled === false && StreamViewType !== undefined) {
    return 'One or more parameter values were invalid: Table is being created or updated with StreamEnabled false, StreamViewType must not be specified';
  }
  return undefined;
}

function unusedAttributes(request: CreateTableRequest): string | undefined {
  const indexes = [...(request.GlobalSecondaryIndexes ?? []), ...(request.LocalSecondaryIndexes ?? [])];
  const used = new Set([request, ...indexes].flatMap(({ KeySchema }) => KeySchema.map((key) => key.AttributeName)));
  const defined = request.AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  const undefinedKeys = [...used].filter((name) => !defined.includes(name));
  if (undefinedKeys.length > 0) {
    return (
      'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. ' +
      `Keys: [${undefinedKeys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`
    );
  }
  if (defined.every((name) => used.has(name))) return undefined;
  return (
    'One or more parameter values were invalid: Some AttributeDefinitions are not used. ' +
    `AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...used].join(', ')}]`
  );
}
