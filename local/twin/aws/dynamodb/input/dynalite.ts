import { createRequire } from 'node:module';
import type { Input } from '../../aws-call.ts';
import { AwsError } from '../../aws-error.ts';
import { validationError } from '../dynamodb-error.ts';

/** Members of an operation's input with their constraints, as dynalite describes them. */
export type MemberRules = Readonly<Record<string, unknown>>;

/** Rules of an operation: its members, and a function that returns what is wrong with them together. */
export interface OperationRules {
  readonly types: MemberRules;
  readonly custom?: (data: Record<string, unknown>, store: unknown) => string | undefined;
}

interface Validations {
  checkTypes(data: unknown, types: MemberRules): Record<string, unknown>;
  checkValidations(data: unknown, types: MemberRules, custom: OperationRules['custom'], store: unknown): void;
  validateExpressions(data: object): string | undefined;
  validateExpressionParams(data: object, expressions: string[], nonExpressions: string[]): string | undefined;
  validateAttributeValue(value: object): string | undefined;
  convertKeyCondition(expression: unknown): unknown;
}

const require = createRequire(import.meta.url);

/**
 * What is taken from dynalite, and nothing else: parsers of expressions, and rules of input with AWS's messages. It has no
 * types of its own.
 */
export const dynalite = require('dynalite/validations') as Validations;

export function rulesOf(operation: string): OperationRules {
  return require(`dynalite/validations/${operation}`) as OperationRules;
}

/** Sizes are checked by the twin, which counts bytes as DynamoDB does. */
const STORE = { options: { maxItemSize: Number.POSITIVE_INFINITY } };

/**
 * Brings input into the form that its rules describe: unknown members are dropped, numbers are canonical.
 *
 * @throws AwsError SerializationException, ValidationException
 */
export function checkInput(input: Input, { types, custom }: OperationRules): Record<string, unknown> {
  try {
    // dynalite deletes what it does not know from what it is given.
    const data = dynalite.checkTypes(structuredClone(input), types);
    dynalite.checkValidations(data, types, custom, STORE);
    return data;
  } catch (error) {
    throw asAwsError(error);
  }
}

interface DynaliteError {
  readonly body?: { readonly __type?: string; readonly message?: string; readonly Message?: string };
}

function asAwsError(error: unknown): unknown {
  const body = (error as DynaliteError | null)?.body;
  if (!body) return error;
  const message = body.message ?? body.Message ?? '';
  const type = body.__type?.split('#').at(-1) ?? 'ValidationException';
  return type === 'ValidationException' ? validationError(message) : new AwsError(type, message);
}
