import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import {
  ANY,
  type Ask,
  distinct,
  each,
  entries,
  lazily,
  member,
  objectOf,
  type Question,
  type ServiceQuestions,
} from '../question.ts';
import { contextOfItems } from './dynamodb-context.ts';

const tableOf = (input: Input, { table }: Names): string => table(member(input, 'TableName'));

/** An index is a resource of its own: a permission on the table is none on it. */
function tableOrIndex(input: Input, names: Names): string {
  const index = member(input, 'IndexName');
  return index === '' ? tableOf(input, names) : `${tableOf(input, names)}/index/${index}`;
}

const aboutItem = (operation: string): Ask => {
  const action = `dynamodb:${operation}`;
  return (input, names) => [
    { action, resource: tableOrIndex(input, names), context: lazily(() => contextOfItems([input], input, names)) },
  ];
};

/** Batches ask once for each table, about all of its items. */
const batchGet: Ask = (input, names) =>
  tablesOf(input).map(([name, value]) => {
    const request = objectOf(value);
    const items = entries(request, 'Keys').map((Key) => ({ ...request, Key, TableName: name }));
    return {
      action: 'dynamodb:BatchGetItem',
      resource: names.table(name),
      context: lazily(() => contextOfItems(items, request, names)),
    };
  });

const batchWrite: Ask = (input, names) =>
  tablesOf(input).map(([name, requests]) => {
    const items = entries({ requests }, 'requests').map((request) => ({
      ...objectOf(request.PutRequest ?? request.DeleteRequest),
      TableName: name,
    }));
    return {
      action: 'dynamodb:BatchWriteItem',
      resource: names.table(name),
      context: lazily(() => contextOfItems(items, input, names)),
    };
  });

function tablesOf({ RequestItems }: Input): [string, unknown][] {
  return Object.entries(objectOf(RequestItems));
}

const ACTION_OF_ITEM: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};

/** Transactions have no action of their own: each item asks for what it does, so a condition check asks for ConditionCheckItem. */
const transact =
  (operation: string): Ask =>
  (input, names) => {
    const items = new Map<string, Question & { readonly items: Input[] }>();
    for (const entry of entries(input, 'TransactItems')) {
      for (const [kind, item] of Object.entries(entry)) {
        const action = Object.hasOwn(ACTION_OF_ITEM, kind) ? ACTION_OF_ITEM[kind] : undefined;
        if (action === undefined || typeof item !== 'object' || item === null) continue;
        const resource = tableOf(item as Input, names);
        const key = `${action} ${resource}`;
        const found = items.get(key);
        if (found) found.items.push(item as Input);
        else items.set(key, { action, resource, items: [item as Input] });
      }
    }
    return [...items.values()].map(({ action, resource, items: own }) => ({
      action,
      resource,
      context: lazily(() => contextOfItems(own, own[0] ?? {}, names, operation)),
    }));
  };

const VERB = /^\s*(select|insert|update|delete)\b/i;
const TARGET = /\b(?:from|into|update)\s+(?:"([^"]+)"|([\w-]+))(?:\s*\.\s*(?:"([^"]+)"|([\w-]+)))?/i;

/** PartiQL's actions are named after the verb of the statement: `dynamodb:PartiQLSelect`. */
function partiql(statement: string, names: Names): Question {
  const verb = (VERB.exec(statement)?.[1] ?? 'select').toLowerCase();
  const [, quotedTable, table = quotedTable, quotedIndex, index = quotedIndex] = TARGET.exec(statement) ?? [];
  const arn = table === undefined ? '*' : names.table(table);
  return {
    action: `dynamodb:PartiQL${verb.charAt(0).toUpperCase()}${verb.slice(1)}`,
    resource: index === undefined ? arn : `${arn}/index/${index}`,
  };
}

const statements =
  (list: string): Ask =>
  (input, names) =>
    distinct(entries(input, list).map((entry) => partiql(member(entry, 'Statement'), names)));

const ABOUT_ITEMS = ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];

export const DYNAMODB_QUESTIONS: ServiceQuestions = {
  ...each('dynamodb', ['DescribeLimits', 'ListBackups', 'ListGlobalTables', 'ListTables'], ANY),
  // Any caller may look for the endpoint of its Region.
  DescribeEndpoints: () => [],
  ...each(
    'dynamodb',
    [
      'CreateTable',
      'DeleteTable',
      'DescribeContinuousBackups',
      'DescribeContributorInsights',
      'DescribeKinesisStreamingDestination',
      'DescribeTable',
      'DescribeTableReplicaAutoScaling',
      'DescribeTimeToLive',
      'UpdateContinuousBackups',
      'UpdateContributorInsights',
      'UpdateTable',
      'UpdateTimeToLive',
    ],
    tableOf,
  ),
  ...each(
    'dynamodb',
    [
      'DeleteResourcePolicy',
      'GetResourcePolicy',
      'ListTagsOfResource',
      'PutResourcePolicy',
      'TagResource',
      'UntagResource',
    ],
    (input) => member(input, 'ResourceArn'),
  ),
  ...Object.fromEntries(ABOUT_ITEMS.map((operation) => [operation, aboutItem(operation)])),
  BatchExecuteStatement: statements('Statements'),
  BatchGetItem: batchGet,
  BatchWriteItem: batchWrite,
  ExecuteStatement: (input, names) => [partiql(member(input, 'Statement'), names)],
  ExecuteTransaction: statements('TransactStatements'),
  TransactGetItems: transact('TransactGetItems'),
  TransactWriteItems: transact('TransactWriteItems'),
};
