// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policy variables are written.
import { describe, expect, it } from 'vitest';
import { Decisions } from '../../../../../local/twin/aws/iam/decisions.ts';
import type { Context } from '../../../../../local/twin/aws/iam/model/context.ts';
import { parsePolicy } from '../../../../../local/twin/aws/iam/model/policy.ts';
import type { Caller } from '../../../../../local/twin/aws/iam/model/principals.ts';
import { policy } from '../../../../support/iam-resources.ts';

const caller: Caller = { kind: 'role', roleArn: 'r', sessionArn: 's', accountId: '0' };

/** How often policies were looked at, and how often they were evaluated, for each question in turn. */
function decisionsOf(statements: object[], context: Context = () => undefined) {
  const seen = { planned: 0, evaluated: 0 };
  const decisions = new Decisions({
    caller,
    context,
    policiesFor: () => {
      seen.planned += 1;
      const identity = [parsePolicy(policy(...statements))];
      return { identity, boundary: undefined, resource: [], resourceRule: 'union' };
    },
    onDecision: () => {
      seen.evaluated += 1;
    },
  });
  const ask = (resource: string, own?: Record<string, string>): boolean =>
    decisions.decide({
      action: 'dynamodb:PutItem',
      resource,
      ...(own && { context: (key: string) => own[key] }),
    }).allowed;
  return { ask, seen };
}

describe('Decisions', () => {
  it('keeps a decision by action and resource', () => {
    const { ask, seen } = decisionsOf([{ Action: 'dynamodb:*', Resource: 'a*' }]);
    expect([ask('a1'), ask('a1'), ask('b'), ask('b'), ask('a2')]).toEqual([true, true, false, false, true]);
    expect(seen).toEqual({ planned: 3, evaluated: 3 });
  });

  it('keeps it by the values of the condition keys that have a say, and of no others', () => {
    const condition = { StringEquals: { 'dynamodb:LeadingKeys': 'ada' } };
    const { ask, seen } = decisionsOf([{ Action: 'dynamodb:*', Condition: condition }]);
    const key = (value: string, other = '') => ({ 'dynamodb:leadingkeys': value, 'dynamodb:select': other });
    expect([ask('a', key('ada')), ask('a', key('bob')), ask('a', key('ada', 'x')), ask('a')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(seen).toEqual({ planned: 1, evaluated: 3 });
  });

  it('takes keys that are the same in every request of the caller for settled', () => {
    const statement = { Action: 'dynamodb:*', Condition: { ArnEquals: { 'aws:PrincipalArn': 'r' } } };
    const { ask, seen } = decisionsOf([statement], (key) => (key === 'aws:principalarn' ? 'r' : undefined));
    expect([ask('a', { 'dynamodb:leadingkeys': 'x' }), ask('a', { 'dynamodb:leadingkeys': 'y' })]).toEqual([
      true,
      true,
    ]);
    expect(seen).toEqual({ planned: 1, evaluated: 1 });
  });

  it('decides by the variables of a resource', () => {
    const { ask } = decisionsOf([{ Action: '*', Resource: 'table/${dynamodb:owner}' }]);
    expect([ask('table/a', { 'dynamodb:owner': 'a' }), ask('table/a', { 'dynamodb:owner': 'b' })]).toEqual([
      true,
      false,
    ]);
  });

  it('keeps nothing that depends on the time of day', () => {
    let now = '2026-11-22T00:00:00Z';
    const until = { DateLessThan: { 'aws:CurrentTime': '2026-11-22T00:00:01Z' } };
    const { ask } = decisionsOf([{ Action: '*', Condition: until }], () => now);
    expect(ask('a')).toBe(true);
    now = '2026-11-22T00:00:01Z';
    expect(ask('a')).toBe(false);
  });

  it('forgets, rather than grow, where callers make names up', () => {
    const { ask, seen } = decisionsOf([{ Action: '*' }]);
    for (let index = 0; index <= 10_000; index += 1) ask(`table/${index}`);
    expect(seen.planned).toBe(10_001);
    ask('table/10000');
    expect(seen.planned).toBe(10_001);
    ask('table/0');
    expect(seen.planned).toBe(10_002);
  });
});
