import { compileEventPattern } from '../../event-patterns/event-pattern.ts';
import { EventPatternError } from '../../event-patterns/event-pattern-error.ts';
import type { Notification, NotificationAttributes } from './notification.ts';
import { invalidParameter } from './sns-error.ts';

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

/** Whether a subscription wants a message. */
export type Wants = (notification: Notification) => boolean;

const KEYS_MAX = 5;
const COMBINATIONS_MAX = 150;

/**
 * Compiles a filter policy; without one, or with an empty one, everything is wanted. Operators are those of EventBridge's
 * patterns. Over attributes a policy has one level, `Number` compares as a number, `String.Array` as its elements, and
 * binary attributes are not there; over the body a message that is not a JSON object matches nothing.
 *
 * @throws AwsError InvalidParameter
 */
export function compileFilterPolicy(text: string | undefined, scope: FilterPolicyScope): Wants {
  if (text === undefined || text === '') return () => true;
  const policy = parseObject(text);
  if (Object.keys(policy).length === 0) return () => true;
  checkSize(policy, scope);
  const matches = compile(policy);
  if (scope === 'MessageAttributes') return ({ attributes }) => matches(attributeValues(attributes));
  return ({ message }) => {
    const body = parseJson(message);
    return typeof body === 'object' && body !== null && !Array.isArray(body) && matches(body);
  };
}

function compile(policy: object): (event: unknown) => boolean {
  try {
    return compileEventPattern(policy);
  } catch (error) {
    if (error instanceof EventPatternError) throw invalidParameter(`FilterPolicy: ${error.reason}`);
    throw error;
  }
}

function parseObject(text: string): Record<string, unknown> {
  const policy = parseJson(text);
  if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as Record<string, unknown>;
  throw invalidParameter('FilterPolicy: failed to parse JSON.');
}

/** Keys that hold values, and the product of how many each holds; in a body each level of nesting multiplies as well. */
function checkSize(policy: Readonly<Record<string, unknown>>, scope: FilterPolicyScope): void {
  let keys = 0;
  let combinations = 1;
  const visit = (value: Readonly<Record<string, unknown>>, depth: number): void => {
    for (const [name, each] of Object.entries(value)) {
      if (name === '$or' && Array.isArray(each)) {
        for (const branch of each) if (typeof branch === 'object' && branch !== null) visit(branch, depth);
      } else if (Array.isArray(each)) {
        keys += 1;
        combinations *= Math.max(1, each.length) * (scope === 'MessageBody' ? depth : 1);
      } else if (typeof each === 'object' && each !== null) {
        if (scope === 'MessageAttributes') {
          throw invalidParameter('Filter policy scope MessageAttributes does not support nested filter policy');
        }
        visit(each as Record<string, unknown>, depth + 1);
      }
    }
  };
  visit(policy, 1);
  if (keys > KEYS_MAX) throw invalidParameter('FilterPolicy: Filter policy can not have more than 5 keys');
  if (combinations > COMBINATIONS_MAX) throw invalidParameter('FilterPolicy: Filter policy is too complex');
}

function attributeValues(attributes: NotificationAttributes): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { DataType, StringValue = '' }] of Object.entries(attributes)) {
    if (DataType === 'String') values[name] = StringValue;
    else if (DataType === 'Number') values[name] = Number(StringValue);
    else if (DataType === 'String.Array') values[name] = parseJson(StringValue);
    else if (DataType.startsWith('String.')) values[name] = StringValue;
  }
  return values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
