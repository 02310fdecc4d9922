import type { Input } from '../../aws-call.ts';
import { validationError } from '../dynamodb-error.ts';
import { compileExpressions, type ExpressionTexts } from '../expressions/compile.ts';
import type { Expressions } from '../expressions/expression.ts';
import { checkInput, type OperationRules } from './dynalite.ts';
import { legacyExpressions } from './legacy-parameters.ts';
import { plainAttributes } from './plain-attributes.ts';

/** What common input looks like: a member that is not in it, or not so, is left to dynalite's rules. */
export type PlainMembers = Readonly<Record<string, (value: unknown) => boolean>>;

/** How the input of an operation is read. */
export interface InputReader<R> {
  readonly rules: OperationRules;
  readonly members: PlainMembers;
  /** The request that plain or checked input makes; `undefined` where the rules have to say what is wrong with it. */
  readonly build: (input: Input) => R | undefined;
}

/**
 * Reads the input of an operation: what is plainly right is taken as it is, everything else goes through dynalite's rules, which
 * either refuse it in AWS's words or bring it into plain form.
 *
 * @throws AwsError SerializationException, ValidationException
 */
export function readInput<R>(input: Input, { rules, members, build }: InputReader<R>): R {
  if (isPlain(input, members)) {
    const request = build(input);
    if (request !== undefined) return request;
  }
  const request = build(checkInput(input, rules));
  if (request !== undefined) return request;
  throw validationError(`the twin could not read this request: ${JSON.stringify(input)}`);
}

/** Whether all members of an input are common ones. */
export function isPlain(input: Input, members: PlainMembers): boolean {
  for (const name in input) {
    const check = members[name];
    if (check === undefined || !check(input[name])) return false;
  }
  return true;
}

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
export const isName = (value: unknown): boolean => typeof value === 'string' && TABLE_NAME.test(value);
export const isText = (value: unknown): boolean => typeof value === 'string';
export const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
export const isPositiveInteger = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
/** Looked at by `build`. */
export const isAnything = (): boolean => true;
export const oneOf =
  (...values: string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string);

const EXPRESSION_MEMBERS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
] as const;
const LEGACY_MEMBERS = [
  'AttributeUpdates',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'AttributesToGet',
];
const NONE: Expressions = { values: {} };

/** The expressions of a request, or what it has instead; `undefined` where something is wrong with them. */
export function expressionsOf(input: Input): Expressions | undefined {
  let [hasExpression, takesValues, isLegacy] = [false, false, false];
  for (const member of EXPRESSION_MEMBERS) {
    if (input[member] === undefined) continue;
    hasExpression = true;
    takesValues ||= member !== 'ProjectionExpression';
  }
  for (const member of LEGACY_MEMBERS) isLegacy ||= input[member] !== undefined;
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  if (!hasExpression) {
    if (names !== undefined || values !== undefined) return undefined;
    return isLegacy ? legacyExpressions(input) : NONE;
  }
  if (values !== undefined && !takesValues) return undefined;
  const plain = values === undefined ? undefined : plainAttributes(values);
  if ((values !== undefined && plain === undefined) || !areNames(names)) return undefined;
  const texts = { ExpressionAttributeNames: names, ExpressionAttributeValues: plain } as Record<string, unknown>;
  for (const member of EXPRESSION_MEMBERS) texts[member] = input[member];
  const compiled = compileExpressions(texts as ExpressionTexts);
  if (typeof compiled === 'string') return undefined;
  if (!isLegacy) return compiled;
  const legacy = legacyExpressions(input);
  return { ...legacy, ...compiled, values: { ...compiled.values, ...legacy.values } };
}

function areNames(names: unknown): boolean {
  if (names === undefined) return true;
  if (typeof names !== 'object' || names === null) return false;
  for (const name in names) if (typeof (names as Record<string, unknown>)[name] !== 'string') return false;
  return true;
}
