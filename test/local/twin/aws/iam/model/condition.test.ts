// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policy variables are written.
import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../../../../local/twin/aws/iam/model/condition.ts';
import type { Values } from '../../../../../../local/twin/aws/iam/model/context.ts';

function holds(operator: string, policy: unknown, values: Values, others: Record<string, string> = {}): boolean {
  const [condition] = compileConditions({ [operator]: { 'my:Key': policy } }, true);
  return condition?.holds((key) => (key === 'my:key' ? values : others[key])) ?? false;
}

describe('compileConditions', () => {
  it.each<[string, unknown, Values, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', 'a', undefined, false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', 'a', undefined, true],
    ['StringEqualsIgnoreCase', 'Ada', 'aDA', true],
    ['StringNotEqualsIgnoreCase', 'Ada', 'aDA', false],
    ['StringLike', 'a*', 'ab', true],
    ['StringNotLike', 'a*', 'ab', false],
    ['StringEqualsIfExists', 'a', undefined, true],
    ['StringEqualsIfExists', 'a', 'b', false],
    ['NumericEquals', 10, '10.0', true],
    ['NumericNotEquals', '10', '10', false],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericLessThan', '10', 'many', false],
    ['DateEquals', '2026-11-22T00:00:00Z', '1795305600', true],
    ['DateNotEquals', '2026-11-22', '2026-11-22T00:00:00Z', false],
    ['DateLessThan', '2026-11-22T00:00:00Z', '2026-11-21T23:59:59Z', true],
    ['DateLessThanEquals', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', true],
    ['DateGreaterThan', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', false],
    ['DateGreaterThanEquals', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00Z', true],
    ['Bool', 'true', 'true', true],
    ['Bool', false, 'true', false],
    ['Bool', 'false', undefined, false],
    ['BoolIfExists', 'false', undefined, true],
    ['BinaryEquals', 'QQ==', 'QQ==', true],
    ['IpAddress', '127.0.0.0/8', '127.0.0.1', true],
    ['NotIpAddress', '127.0.0.0/8', '127.0.0.1', false],
    ['ArnEquals', 'arn:aws:sns:*:000000000000:topic', 'arn:aws:sns:eu-west-1:000000000000:topic', true],
    ['ArnLike', 'arn:aws:execute-api:*:*:api/*/GET/*', 'arn:aws:execute-api:eu-west-1:0:api/dev/GET/items', true],
    ['ArnLike', 'arn:aws:*:topic', 'arn:aws:sns:eu-west-1:000000000000:topic', false],
    ['ArnLike', '*', 'arn:aws:sns:eu-west-1:000000000000:topic', true],
    ['ArnNotLike', 'arn:aws:sns:*:*:topic', 'arn:aws:sns:eu-west-1:0:topic', false],
    ['ArnNotEquals', 'arn:aws:sns:*:*:topic', 'arn:aws:sns:eu-west-1:0:other', true],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'x', false],
    ['Null', false, 'x', true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], undefined, true],
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAnyValue:StringEquals', ['a'], ['a', 'c'], true],
    ['ForAnyValue:StringEquals', ['a'], ['c'], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAnyValue:StringLike', ['tenant-*'], ['tenant-1'], true],
    ['StringEquals', 'a', ['b', 'a'], true],
    ['StringNotEquals', 'a', ['b', 'a'], false],
  ])('%s %j on %j: %s', (operator, policy, values, expected) => {
    expect(holds(operator, policy, values)).toBe(expected);
  });

  it('fills policy variables in, and says that the decision depends on them', () => {
    expect(holds('StringEquals', '${aws:PrincipalArn}', 'me', { 'aws:principalarn': 'me' })).toBe(true);
    expect(holds('ArnLike', 'arn:aws:iam::*:role/${aws:PrincipalTag/team}', 'arn:aws:iam::1:role/red')).toBe(false);
    const [condition] = compileConditions({ StringEquals: { 'my:Key': '${aws:PrincipalArn}' } }, true);
    expect(condition?.keys).toEqual(['my:key', 'aws:principalarn']);
  });

  it('takes operators in any case', () => {
    expect(holds('foranyvalue:stringlike', 'a*', ['ab'])).toBe(true);
  });

  it.each<[string, unknown, string]>([
    [
      'an operator that IAM does not have',
      { StringsEqual: { k: 'v' } },
      "the condition operator 'StringsEqual' is not one of IAM's",
    ],
    ['a number that is none', { NumericEquals: { k: 'ten' } }, "a number was expected, got 'ten'"],
    ['a date that is none', { DateEquals: { k: 'soon' } }, "a date was expected, got 'soon'"],
    ['a truth value that is none', { Bool: { k: 'yes' } }, "true or false was expected, got 'yes'"],
    ['conditions that are no object', ['x'], 'Condition must be an object, got ["x"]'],
    ['keys that are no object', { Bool: 'true' }, 'Condition.Bool must be an object of condition keys'],
  ])('fails on %s', (_what, element, message) => {
    expect(() => compileConditions(element, true)).toThrow(new RangeError(message));
  });
});
