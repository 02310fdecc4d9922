import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { tableInput } from './test-table.ts';

export const TableName = 'orders';
export const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { N: sk } });

export const put = (input: Partial<PutItemCommandInput>) =>
  new PutItemCommand({ TableName, Item: key('ada'), ...input });
export const many = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const one = (expression: string) => ({
  TableName,
  Key: key('ada'),
  UpdateExpression: expression,
  ExpressionAttributeValues: { ':v': { S: 'v' } },
});
const invalid = 'One or more parameter values were invalid: ';

/** Errors that AWS documents, or is known to answer: what is sent, its name, its message. */
export const DOCUMENTED_ERRORS: readonly (readonly [string, unknown, string, string])[] = [
  [
    'a table that is not there',
    new GetItemCommand({ TableName: 'nowhere', Key: key('ada') }),
    'ResourceNotFoundException',
    'Requested resource not found',
  ],
  [
    'a description of a table that is not there',
    new DescribeTableCommand({ TableName: 'nowhere' }),
    'ResourceNotFoundException',
    'Requested resource not found: Table: nowhere not found',
  ],
  [
    'a table that is there already',
    new CreateTableCommand(tableInput(TableName) as never),
    'ResourceInUseException',
    'Table already exists: orders',
  ],
  [
    'a table name that is too short',
    new GetItemCommand({ TableName: 'ab', Key: key('ada') }),
    'ValidationException',
    "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  ],
  [
    'an item without its sort key',
    put({ Item: { pk: { S: 'ada' } } }),
    'ValidationException',
    `${invalid}Missing the key sk in the item`,
  ],
  [
    'a key of another type',
    put({ Item: { pk: { S: 'ada' }, sk: { S: '1' } } }),
    'ValidationException',
    `${invalid}Type mismatch for key sk expected: N actual: S`,
  ],
  [
    'an empty key',
    put({ Item: key('') }),
    'ValidationException',
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ],
  [
    'an empty key of an index',
    put({ Item: { ...key('ada'), group: { S: '' } } }),
    'ValidationException',
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byGroup, IndexKey: group',
  ],
  [
    'a partition key of 2,049 bytes',
    put({ Item: key(`${'é'.repeat(1024)}a`) }),
    'ValidationException',
    `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ],
  [
    'a key with an attribute too many',
    new GetItemCommand({ TableName, Key: { ...key('ada'), more: { S: '' } } }),
    'ValidationException',
    'The provided key element does not match the schema',
  ],
  [
    'an item of more than 400 KB',
    put({ Item: { ...key('ada'), text: { S: 'x'.repeat(400 * 1024 - 12) } } }),
    'ValidationException',
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'a number of 39 digits',
    put({ Item: { ...key('ada'), n: { N: '1'.repeat(39) } } }),
    'ValidationException',
    'Attempting to store more than 38 significant digits in a Number',
  ],
  [
    'an empty set',
    put({ Item: { ...key('ada'), set: { SS: [] } } }),
    'ValidationException',
    `${invalid}An string set  may not be empty`,
  ],
  [
    'a condition that does not hold',
    put({ ConditionExpression: 'attribute_exists(nothing)' }),
    'ConditionalCheckFailedException',
    'The conditional request failed',
  ],
  [
    'a reserved word',
    put({ ConditionExpression: 'attribute_exists(name)' }),
    'ValidationException',
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name',
  ],
  [
    'a value that is not used',
    put({ ConditionExpression: 'attribute_exists(pk)', ExpressionAttributeValues: { ':v': { S: '' } } }),
    'ValidationException',
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
  ],
  [
    'a change of the key',
    new UpdateItemCommand(one('SET pk = :v')),
    'ValidationException',
    `${invalid}Cannot update attribute pk. This attribute is part of the key`,
  ],
  [
    'an expression of more than 4 KB',
    new UpdateItemCommand(one(`SET a = :v${' '.repeat(4096)}`)),
    'ValidationException',
    'Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4106',
  ],
  [
    'a query without the partition key',
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'sk = :s',
      ExpressionAttributeValues: { ':s': { N: '1' } },
    }),
    'ValidationException',
    'Query condition missed key schema element: pk',
  ],
  [
    'an index that is not there',
    new ScanCommand({ TableName, IndexName: 'byNothing' }),
    'ValidationException',
    'The table does not have the specified index: byNothing',
  ],
  [
    'a consistent read of a global index',
    new ScanCommand({ TableName, IndexName: 'byGroup', ConsistentRead: true }),
    'ValidationException',
    'Consistent reads are not supported on global secondary indexes',
  ],
  [
    '26 writes in a batch',
    new BatchWriteItemCommand({
      RequestItems: {
        [TableName]: many(13, (at) => ({ PutRequest: { Item: key('ada', String(at)) } })),
        posts: many(13, (at) => ({ PutRequest: { Item: key('ada', String(at)) } })),
      },
    }),
    'ValidationException',
    'Too many items requested for the BatchWriteItem call',
  ],
  [
    'the same key twice in a batch',
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: many(2, () => ({ DeleteRequest: { Key: key('ada') } })) },
    }),
    'ValidationException',
    'Provided list of item keys contains duplicates',
  ],
  [
    'the same item twice in a transaction',
    new TransactWriteItemsCommand({ TransactItems: many(2, () => ({ Delete: { TableName, Key: key('ada') } })) }),
    'ValidationException',
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'PartiQL',
    new ExecuteStatementCommand({ Statement: 'SELECT * FROM orders' }),
    'ValidationException',
    'the twin does not run PartiQL: use GetItem, PutItem, UpdateItem, DeleteItem, Query or Scan with expressions instead',
  ],
  [
    'time to live that is off already',
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }),
    'ValidationException',
    'TimeToLive is already disabled',
  ],
  [
    'a stream that is off already',
    new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }),
    'ValidationException',
    'Table already has stream disabled: TableName: orders',
  ],
];
