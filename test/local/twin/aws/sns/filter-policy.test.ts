import { describe, expect, it } from 'vitest';
import { compileFilterPolicy, type FilterPolicyScope } from '../../../../../local/twin/aws/sns/filter-policy.ts';
import type { Notification, NotificationAttributes } from '../../../../../local/twin/aws/sns/notification.ts';

function notification(message: string, attributes: NotificationAttributes = {}): Notification {
  return {
    messageId: 'm-1',
    sequenceNumber: undefined,
    message,
    byProtocol: undefined,
    subject: undefined,
    attributes,
    groupId: undefined,
    deduplicationId: undefined,
    publishedMs: 0,
  };
}

const compile = (policy: unknown, scope: FilterPolicyScope = 'MessageAttributes') =>
  compileFilterPolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), scope);
const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe('compileFilterPolicy', () => {
  it.each([[undefined], [''], ['{}']])('wants everything by %s', (text) => {
    expect(compileFilterPolicy(text, 'MessageBody')(notification('no JSON'))).toBe(true);
  });

  it.each<[string, unknown, NotificationAttributes, boolean]>([
    ['a text', ['7'], { a: { DataType: 'String', StringValue: '7' } }, true],
    ['a number', [{ numeric: ['=', 7] }], { a: { DataType: 'Number', StringValue: '7.0' } }, true],
    ['a number for a text', ['7'], { a: { DataType: 'Number', StringValue: '7' } }, false],
    ['an element', ['x'], { a: { DataType: 'String.Array', StringValue: '["w","x"]' } }, true],
    ['a text of a type of its own', ['x'], { a: { DataType: 'String.mine', StringValue: 'x' } }, true],
    ['binary for nothing', [{ exists: true }], { a: { DataType: 'Binary', BinaryValue: 'eA==' } }, false],
  ])('compares attributes: %s', (_, a, attributes, expected) => {
    expect(compile({ a })(notification('{}', attributes))).toBe(expected);
  });

  it.each([
    ['{"a":{"b":"x"}}', true],
    ['{"a":{"b":"y"}}', false],
    ['[{"a":{"b":"x"}}]', false],
    ['"x"', false],
    ['no JSON', false],
  ])('over bodies, takes %s: %s', (message, expected) => {
    expect(compile({ a: { b: ['x'] } }, 'MessageBody')(notification(message))).toBe(expected);
  });

  it.each<[string, unknown, FilterPolicyScope]>([
    ['five keys', Object.fromEntries([...'abcde'].map((key) => [key, ['x']])), 'MessageAttributes'],
    ['150 combinations', { a: values(10), b: values(15) }, 'MessageAttributes'],
    // 25 values on the third level count three times, those on the first once: 2 × 75.
    ['150 combinations in a body', { a: values(2), b: { c: { d: values(25) } } }, 'MessageBody'],
  ])('takes %s', (_, policy, scope) => {
    expect(() => compile(policy, scope)).not.toThrow();
  });

  it.each<[string, unknown, FilterPolicyScope, string]>([
    ['text that is no JSON', '{', 'MessageBody', 'FilterPolicy: failed to parse JSON.'],
    ['a list', '[]', 'MessageBody', 'FilterPolicy: failed to parse JSON.'],
    [
      'a sixth key, under $or',
      { ...Object.fromEntries([...'abcd'].map((key) => [key, ['x']])), $or: [{ e: ['x'] }, { f: ['x'] }] },
      'MessageAttributes',
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    ['151 combinations', { a: values(151) }, 'MessageAttributes', 'FilterPolicy: Filter policy is too complex'],
    [
      '156 combinations in a body',
      { a: values(2), b: { c: { d: values(26) } } },
      'MessageBody',
      'FilterPolicy: Filter policy is too complex',
    ],
    [
      'levels over attributes',
      { a: { b: ['x'] } },
      'MessageAttributes',
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
  ])('fails on %s', (_, policy, scope, message) => {
    expect(() => compile(policy, scope)).toThrow(`Invalid parameter: ${message}`);
  });
});
