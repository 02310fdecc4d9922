import type { Input } from '../../aws-call.ts';
import { type CapacityMode, capacityModeOf, isCapacityMode } from './capacity-mode.ts';
import { dynalite, type OperationRules, rulesOf } from './dynalite.ts';
import { checkItemBytes, type GetRequest, type KeyedWriteRequest, type PutRequest } from './item-input.ts';
import { plainAttributes } from './plain-attributes.ts';
import {
  expressionsOf,
  type InputReader,
  isAnything,
  isName,
  isPlain,
  isText,
  oneOf,
  type PlainMembers,
  readInput,
} from './read-input.ts';

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

const OF_ACTIONS: PlainMembers = {
  TableName: isName,
  Key: isAnything,
  Item: isAnything,
  UpdateExpression: isText,
  ConditionExpression: isText,
  ProjectionExpression: isText,
  ExpressionAttributeNames: isAnything,
  ExpressionAttributeValues: isAnything,
  ReturnValuesOnConditionCheckFailure: oneOf('NONE', 'ALL_OLD'),
};
/** What each kind of action needs. */
const REQUIRED: Readonly<Record<TransactWrite['kind'], readonly string[]>> = {
  Put: ['TableName', 'Item'],
  Update: ['TableName', 'Key', 'UpdateExpression'],
  Delete: ['TableName', 'Key'],
  ConditionCheck: ['TableName', 'Key', 'ConditionExpression'],
};

const WRITE: InputReader<TransactWriteRequest> = {
  rules: WRITE_RULES,
  members: {
    TransactItems: isAnything,
    ReturnConsumedCapacity: isCapacityMode,
    ReturnItemCollectionMetrics: oneOf('NONE', 'SIZE'),
    ClientRequestToken: (token) => typeof token === 'string' && token !== '' && token.length <= TOKEN_MAX,
  },
  build: (input) => {
    const { TransactItems, ClientRequestToken } = input;
    const capacity = capacityModeOf(input);
    const writes = readActions(TransactItems, (actions) => readWrite(actions, capacity));
    return writes && { writes, capacity, token: ClientRequestToken as string | undefined };
  },
};

const GET: InputReader<TransactGetRequest> = {
  rules: GET_RULES,
  members: { TransactItems: isAnything, ReturnConsumedCapacity: isCapacityMode },
  build: (input) => {
    const capacity = capacityModeOf(input);
    const gets = readActions(input.TransactItems, ({ Get = {} }): GetRequest | undefined => {
      const [key, expressions] = [plainAttributes(Get.Key), expressionsOf(Get)];
      if (!key || !expressions || Get.TableName === undefined || !isPlain(Get, OF_ACTIONS)) return undefined;
      return { tableName: String(Get.TableName), key, expressions, capacity, isConsistent: true };
    });
    return gets && { gets, capacity };
  },
};

/** @throws AwsError ValidationException */
export function readTransactWrite(input: Input): TransactWriteRequest {
  const request = readInput(input, WRITE);
  for (const write of request.writes) if (write.kind === 'Put') checkItemBytes(write.item);
  return request;
}

/** @throws AwsError ValidationException */
export function readTransactGet(input: Input): TransactGetRequest {
  return readInput(input, GET);
}

/** All actions; `undefined` where one of them needs the rules. */
function readActions<T>(list: unknown, read: (actions: Actions) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(list) || list.length === 0 || list.length > ACTIONS_MAX) return undefined;
  const requests: T[] = [];
  for (const actions of list as (Actions | null)[]) {
    const request = actions === null || typeof actions !== 'object' ? undefined : read(actions);
    if (request === undefined) return undefined;
    requests.push(request);
  }
  return requests;
}

function readWrite(actions: Actions, capacity: CapacityMode): TransactWrite | undefined {
  const [entry, other] = Object.entries(actions);
  const [kind, input] = [entry?.[0] as TransactWrite['kind'], entry?.[1]];
  if (!input || other || !REQUIRED[kind]?.every((name) => input[name] !== undefined)) return undefined;
  const expressions = isPlain(input, OF_ACTIONS) ? expressionsOf(input) : undefined;
  const attributes = plainAttributes(kind === 'Put' ? input.Item : input.Key);
  if (!expressions || !attributes || expressions.projection || (expressions.update && kind !== 'Update')) {
    return undefined;
  }
  const base = {
    tableName: String(input.TableName),
    expressions,
    capacity,
    returnValues: 'NONE',
    returnsItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
  return kind === 'Put' ? { ...base, kind, item: attributes } : { ...base, kind, key: attributes };
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
