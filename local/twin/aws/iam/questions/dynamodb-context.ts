import type { Input } from '../../aws-call.ts';
import type { Context } from '../model/context.ts';
import type { Names } from '../names.ts';
import { contextOf, member, objectOf } from '../question.ts';

const KEYWORDS = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
/** A name that is no value (`:v`), no nested element (`a.b`) and no function (`size(`). */
const TOP_LEVEL_NAME = /(?<![:.#\w])#?[A-Za-z_]\w*(?!\w|\s*\()/g;
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

/** What tells one request about items from another: "Using IAM policy conditions for fine-grained access control". */
export function contextOfItems(
  items: readonly Input[],
  request: Input,
  { tableKey }: Names,
  enclosing?: string,
): Context {
  const one = (name: string) => (): string | undefined => member(request, name) || undefined;
  return contextOf({
    'dynamodb:attributes': () => nonEmpty(items.flatMap(attributesOf)),
    'dynamodb:enclosingoperation': () => enclosing,
    'dynamodb:leadingkeys': () =>
      nonEmpty(
        items.flatMap((item) => {
          const table = member(item, 'TableName') || member(request, 'TableName');
          return leadingKeys(item, tableKey(table, member(request, 'IndexName')));
        }),
      ),
    'dynamodb:returnconsumedcapacity': one('ReturnConsumedCapacity'),
    'dynamodb:returnvalues': one('ReturnValues'),
    'dynamodb:select': () => selectOf(request),
  });
}

function selectOf(request: Input): string {
  const given = member(request, 'Select');
  if (given !== '') return given;
  if (request.ProjectionExpression !== undefined || request.AttributesToGet !== undefined) return 'SPECIFIC_ATTRIBUTES';
  return request.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

function attributesOf(item: Input): string[] {
  const placeholders = objectOf(item.ExpressionAttributeNames);
  const inExpressions = EXPRESSIONS.flatMap((name) => member(item, name).match(TOP_LEVEL_NAME) ?? [])
    .filter((name) => !KEYWORDS.has(name.toUpperCase()))
    .map((name) => String(placeholders[name] ?? name));
  const legacy = Array.isArray(item.AttributesToGet) ? item.AttributesToGet.map(String) : [];
  return [...Object.keys(objectOf(item.Item ?? item.Key)), ...inExpressions, ...legacy];
}

/** The value of the partition key: of an item, of a key, or of the equality in a key condition. */
function leadingKeys(item: Input, partitionKey: string | undefined): string[] {
  if (partitionKey === undefined) return [];
  const attributes = item.Item ?? item.Key;
  if (attributes !== undefined) return textOf(objectOf(attributes)[partitionKey]);
  const placeholders = objectOf(item.ExpressionAttributeNames);
  const values = objectOf(item.ExpressionAttributeValues);
  for (const [, name = '', value = ''] of member(item, 'KeyConditionExpression').matchAll(
    /(#?[\w.-]+)\s*=\s*(:\w+)/g,
  )) {
    if (String(placeholders[name] ?? name) === partitionKey) return textOf(values[value]);
  }
  return [];
}

/** `{ S: 'x' }` or `{ N: '1' }` → its text. */
function textOf(attribute: unknown): string[] {
  const [value] = Object.values(objectOf(attribute));
  return typeof value === 'string' ? [value] : [];
}

function nonEmpty(values: readonly string[]): readonly string[] | undefined {
  return values.length > 0 ? [...new Set(values)] : undefined;
}
