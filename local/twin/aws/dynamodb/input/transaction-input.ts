import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import type { Item } from '../values/attribute-value.ts';
import { checkInput, dynalite, type OperationRules, rulesOf } from './dynalite.ts';
import {
  type CapacityMode,
  checkItemBytes,
  type GetRequest,
  type KeyedWriteRequest,
  type PutRequest,
} from './item-input.ts';
import { plainAttributes } from './plain-attributes.ts';
import { expressionsOf } from './read-input.ts';

/** One action of a transaction. */
export type TransactWrite =
  | (PutRequest & { readonly kind: 'Put' })
  | (KeyedWriteRequest & { readonly kind: 'Update' | 'Delete' | 'ConditionCheck' });

export interface TransactWriteRequest {
  readonly writes: readonly TransactWrite[];
  readonly capacity: CapacityMode;
  readonly token: string | undefined;
}

export interface TransactGetRequest {
  readonly gets: readonly GetRequest[];
  readonly capacity: CapacityMode;
}

const ACTIONS_MAX = 100;
const TOKEN_MAX = 36;
const ATTRIBUTES = { type: 'Map<AttributeValue>', children: 'AttrStruct<ValueStruct>' };
const TABLE_NAME = {
  type: 'String',
  notNull: true,
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};
const NAMES = { type: 'Map<java.lang.String>', children: 'String' };
const CAPACITY = { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] };
const CONDITIONAL = {
  TableName: TABLE_NAME,
  ConditionExpression: { type: 'String' },
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: ATTRIBUTES,
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
};
const KEY = { ...ATTRIBUTES, notNull: true };

function action(name: string, children: Readonly<Record<string, unknown>>) {
  return { type: `FieldStruct<${name}>`, children };
}

function actionList(name: string, children: Readonly<Record<string, unknown>>) {
  return {
    type: 'List',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: ACTIONS_MAX,
    children: { type: `ValueStruct<${name}>`, children },
  };
}

const WRITE_RULES: OperationRules = {
  types: {
    ReturnConsumedCapacity: CAPACITY,
    ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: TOKEN_MAX },
    TransactItems: actionList('TransactWriteItem', {
      ConditionCheck: action('ConditionCheck', {
        ...CONDITIONAL,
        Key: KEY,
        ConditionExpression: { type: 'String', notNull: true },
      }),
      Delete: action('Delete', { ...CONDITIONAL, Key: KEY }),
      Put: action('Put', { ...CONDITIONAL, Item: KEY }),
      Update: action('Update', { ...CONDITIONAL, Key: KEY, UpdateExpression: { type: 'String', notNull: true } }),
    }),
  },
  custom: (data) => firstMessage(data, writeMessage),
};

const GET_RULES: OperationRules = {
  types: {
    ReturnConsumedCapacity: CAPACITY,
    TransactItems: actionList('TransactGetItem', {
      Get: {
        ...action('Get', {
          TableName: TABLE_NAME,
          Key: KEY,
          ProjectionExpression: { type: 'String' },
          ExpressionAttributeNames: NAMES,
        }),
        notNull: true,
      },
    }),
  },
  custom: (data) => firstMessage(data, ({ Get }) => rulesOf('getItem').custom?.(Get ?? {}, undefined)),
};

type Actions = Readonly<Record<string, Record<string, unknown> | undefined>>;

/** @throws AwsError ValidationException */
export function readTransactWrite(input: Input): TransactWriteRequest {
  const data = checkInput(input, WRITE_RULES);
  const capacity = (data.ReturnConsumedCapacity ?? 'NONE') as CapacityMode;
  const writes = (data.TransactItems as Actions[]).map((actions) => readWrite(actions, capacity));
  return { writes, capacity, token: data.ClientRequestToken as string | undefined };
}

/** @throws AwsError ValidationException */
export function readTransactGet(input: Input): TransactGetRequest {
  const data = checkInput(input, GET_RULES);
  const capacity = (data.ReturnConsumedCapacity ?? 'NONE') as CapacityMode;
  const gets = (data.TransactItems as Actions[]).map(({ Get = {} }): GetRequest => {
    const expressions = expressionsOf(Get) ?? { values: {} };
    return { tableName: String(Get.TableName), key: attributes(Get.Key), expressions, capacity, isConsistent: true };
  });
  return { gets, capacity };
}

function readWrite(actions: Actions, capacity: CapacityMode): TransactWrite {
  const [entry] = Object.entries(actions);
  const [kind, input] = [entry?.[0] as TransactWrite['kind'], entry?.[1] ?? {}];
  const base = {
    tableName: String(input.TableName),
    expressions: expressionsOf(input) ?? { values: {} },
    capacity,
    returnValues: 'NONE',
    returnsItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
  if (kind !== 'Put') return { ...base, kind, key: attributes(input.Key) };
  const item = attributes(input.Item);
  checkItemBytes(item);
  return { ...base, kind, item };
}

function attributes(value: unknown): Item {
  const plain = plainAttributes(value);
  if (!plain) throw validationError('The provided key element does not match the schema');
  return plain;
}

function firstMessage(
  data: Readonly<Record<string, unknown>>,
  messageOf: (actions: Actions) => string | undefined,
): string | undefined {
  for (const actions of data.TransactItems as Actions[]) {
    const message = messageOf(actions);
    if (message) return message;
  }
  return undefined;
}

function writeMessage(actions: Actions): string | undefined {
  const [input, other] = Object.values(actions);
  if (other) return 'TransactItems can only contain one of Check, Put, Update or Delete';
  if (!input) return 'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request';
  const expressions = ['UpdateExpression', 'ConditionExpression'];
  const message = dynalite.validateExpressionParams(input, expressions, []);
  if (message) return message;
  for (const value of Object.values((input.Item ?? input.Key) as Record<string, object>)) {
    const invalid = dynalite.validateAttributeValue(value);
    if (invalid) return invalid;
  }
  // It leaves what it has parsed in what it is given.
  return dynalite.validateExpressions({ ...input });
}
