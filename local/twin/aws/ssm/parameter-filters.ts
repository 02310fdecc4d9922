import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, optionalText } from '../member-constraints.ts';
import type { Parameter } from './parameter.ts';

interface Filter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** A page of a list; the token is the name that the next page begins with. */
export function page<T>(
  items: readonly T[],
  input: Input,
  max: number,
  nameOf: (item: T) => string,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max }) ?? max;
  const token = optionalText(input, 'NextToken');
  const start = token === undefined ? 0 : items.findIndex((item) => nameOf(item) === token);
  if (start < 0) throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const next = items[start + limit];
  return { items: items.slice(start, start + limit), ...(next !== undefined && { NextToken: nameOf(next) }) };
}

/** Whether every one of `ParameterFilters` lets a parameter through. @throws AwsError InvalidFilterKey, InvalidFilterOption */
export function passesFilters(parameter: Parameter, filters: readonly Filter[] = []): boolean {
  return filters.every(({ Key, Option, Values = [] }) => {
    if (Key === 'Path') return Values.some((path) => isUnder(parameter.name, path, Option === 'Recursive'));
    const texts = textsOf(parameter, Key);
    return Values.length === 0
      ? texts.length > 0
      : texts.some((text) => Values.some((value) => holds(text, value, Option)));
  });
}

/** Whether a parameter is below a path: right below it, or at any depth. */
export function isUnder(name: string, path: string, isRecursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (!name.startsWith(prefix)) return prefix === '/' && isRecursive;
  return isRecursive || !name.slice(prefix.length).includes('/');
}

function holds(text: string, value: string, option = 'Equals'): boolean {
  if (option === 'Equals') return text === value;
  if (option === 'BeginsWith') return text.startsWith(value);
  if (option === 'Contains') return text.includes(value);
  throw new AwsError(
    'InvalidFilterOption',
    `The filter option ${option} is not valid. Valid options: Equals, BeginsWith, Contains.`,
  );
}

function textsOf({ name, type, keyId, tier, dataType, tags, versions }: Parameter, key: string): readonly string[] {
  if (key.startsWith('tag:')) {
    const value = tags[key.slice('tag:'.length)];
    return value === undefined ? [] : [value];
  }
  switch (key) {
    case 'Name':
      return [name];
    case 'Type':
      return [type];
    case 'KeyId':
      return keyId === undefined ? [] : [keyId];
    case 'Tier':
      return [tier];
    case 'DataType':
      return [dataType];
    case 'Label':
      return versions.flatMap(({ labels }) => labels);
    default:
      throw new AwsError('InvalidFilterKey', `The specified filter key ${key} is not valid.`);
  }
}
