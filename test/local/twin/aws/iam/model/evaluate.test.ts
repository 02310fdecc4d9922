// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policy variables are written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type Policies, type Request } from '../../../../../../local/twin/aws/iam/model/evaluate.ts';
import { narrow } from '../../../../../../local/twin/aws/iam/model/narrow.ts';
import { type Policy, parsePolicy } from '../../../../../../local/twin/aws/iam/model/policy.ts';
import type { Caller } from '../../../../../../local/twin/aws/iam/model/principals.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/Feed`;
const sessionArn = `arn:aws:sts::${account}:assumed-role/Feed/feed`;
const root = `arn:aws:iam::${account}:root`;
const role: Caller = { kind: 'role', roleArn, sessionArn, accountId: account };
const sns: Caller = { kind: 'service', service: 'sns.amazonaws.com' };
const queue = 'arn:aws:sqs:eu-west-1:000000000000:work';

const document = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const identity = (...statements: object[]): Policy =>
  parsePolicy(document(...statements.map((s) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...s }))));
const ofResource = (...statements: object[]): Policy =>
  parsePolicy(document(...statements.map((s) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...s }))), {
    resourceBased: true,
  });

function decide(policies: Partial<Policies>, caller: Caller = role, context: Record<string, string> = {}): string {
  const request: Request = { caller, action: 'sqs:SendMessage', resource: queue, context: (key) => context[key] };
  const decision = evaluate(request, {
    identity: [],
    boundary: undefined,
    resource: [],
    resourceRule: 'union',
    ...policies,
  });
  return decision.allowed ? 'allowed' : `${decision.explicit ? 'explicit' : 'implicit'} ${decision.by}`;
}

const deny = { Effect: 'Deny' };
const toRole = { Principal: { AWS: roleArn } };
const toSession = { Principal: { AWS: [sessionArn] } };
const toAccount = { Principal: { AWS: root } };
const toNumber = { Principal: { AWS: account } };
const toAll = { Principal: '*' };
const toOther = { Principal: { AWS: 'arn:aws:iam::111111111111:root' } };
const toSns = { Principal: { Service: 'sns.amazonaws.com' } };

describe('evaluate', () => {
  it.each<[string, Partial<Policies>, string]>([
    ['nothing', {}, 'implicit identity'],
    ['an allow of the role', { identity: [identity({})] }, 'allowed'],
    ['an allow and a deny of the role', { identity: [identity({}), identity(deny)] }, 'explicit identity'],
    ['an allow about something else', { identity: [identity({ Action: 'sqs:Receive*' })] }, 'implicit identity'],
    ['an allow of the resource for the role', { resource: [ofResource(toRole)] }, 'allowed'],
    ['an allow of the resource for the session', { resource: [ofResource(toSession)] }, 'allowed'],
    ['an allow of the resource for everybody', { resource: [ofResource(toAll)] }, 'allowed'],
    ['an allow of the resource for the account', { resource: [ofResource(toAccount)] }, 'implicit identity'],
    ['an allow of the resource for another account', { resource: [ofResource(toOther)] }, 'implicit identity'],
    [
      'a deny of the resource',
      { identity: [identity({})], resource: [ofResource({ ...deny, ...toAll })] },
      'explicit resource',
    ],
    [
      'a deny of the resource for the account',
      { identity: [identity({})], resource: [ofResource({ ...deny, ...toAccount })] },
      'explicit resource',
    ],
    [
      'a deny for everybody but the role',
      { identity: [identity({})], resource: [ofResource({ ...deny, NotPrincipal: { AWS: roleArn } })] },
      'allowed',
    ],
    [
      'a deny for everybody but another',
      { identity: [identity({})], resource: [ofResource({ ...deny, NotPrincipal: { AWS: 'arn:aws:iam::0:role/x' } })] },
      'explicit resource',
    ],
    [
      'a boundary that is silent',
      { identity: [identity({})], boundary: identity({ Action: 'dynamodb:*' }) },
      'implicit boundary',
    ],
    ['a boundary that allows', { identity: [identity({})], boundary: identity({ Action: 'sqs:*' }) }, 'allowed'],
    ['a boundary that denies', { identity: [identity({})], boundary: identity({}, deny) }, 'explicit boundary'],
    ['a boundary alone', { boundary: identity({}) }, 'implicit identity'],
    [
      'a silent boundary and the resource for the role',
      { boundary: identity({ Action: 'x:*' }), resource: [ofResource(toRole)] },
      'implicit boundary',
    ],
    [
      'a silent boundary and the resource for the session',
      { boundary: identity({ Action: 'x:*' }), resource: [ofResource(toSession)] },
      'allowed',
    ],
  ])('%s: %s', (_what, policies, expected) => {
    expect(decide(policies)).toBe(expected);
  });

  it.each<[string, Partial<Policies>, string]>([
    ['no policy of the key', { identity: [identity({})] }, 'implicit resource'],
    ['the key leaves it to the account', { identity: [identity({})], resource: [ofResource(toAccount)] }, 'allowed'],
    [
      'the key leaves it to the account by number',
      { identity: [identity({})], resource: [ofResource(toNumber)] },
      'allowed',
    ],
    ['the account says nothing', { resource: [ofResource(toAccount)] }, 'implicit identity'],
    ['the key names the role', { resource: [ofResource(toRole)] }, 'allowed'],
    ['the key names another', { identity: [identity({})], resource: [ofResource(toOther)] }, 'implicit resource'],
  ])('of a resource that guards itself, %s: %s', (_what, policies, expected) => {
    expect(decide({ ...policies, resourceRule: 'required' })).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['its name', toSns, 'allowed'],
    ['the name of another', { Principal: { Service: 'events.amazonaws.com' } }, 'implicit resource'],
    ['everybody', toAll, 'allowed'],
    ['the account', toAccount, 'implicit resource'],
    ['its name, and denies it', { ...deny, ...toSns }, 'explicit resource'],
    [
      'its name for another topic',
      { ...toSns, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:other' } } },
      'implicit resource',
    ],
    [
      'its name for this topic',
      { ...toSns, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:top*' } } },
      'allowed',
    ],
  ])('lets a service in by the policy of the resource: %s', (_what, statement, expected) => {
    const context = { 'aws:sourcearn': 'arn:aws:sns:eu-west-1:000000000000:topic' };
    expect(decide({ resource: [ofResource(statement)] }, sns, context)).toBe(expected);
  });

  it('says which statements allowed', () => {
    const policies = {
      identity: [identity({ Sid: 'A' }), identity({ Sid: 'B', Action: 'x:*' }), identity({ Sid: 'C' })],
    };
    const request: Request = { caller: role, action: 'sqs:SendMessage', resource: queue, context: () => undefined };
    const decision = evaluate(request, { ...policies, boundary: undefined, resource: [], resourceRule: 'union' });
    expect(decision.allowed && decision.grants.map(({ sid }) => sid)).toEqual(['A', 'C']);
  });

  describe('for all policies', () => {
    const names = fc.constantFrom('sqs:SendMessage', 'sqs:*', 'sqs:Receive*', '*', 'dynamodb:PutItem');
    const resources = fc.constantFrom(queue, '*', 'arn:aws:sqs:*:*:w?rk', 'arn:aws:sqs:eu-west-1:000000000000:dead');
    const conditions = fc.constantFrom(
      undefined,
      { StringEquals: { 'my:tenant': 'a' } },
      { StringNotEquals: { 'my:tenant': 'a' } },
      { Null: { 'my:tenant': 'true' } },
      { StringLike: { 'my:tenant': '${my:user}*' } },
    );
    const statement = fc
      .record({
        Effect: fc.constantFrom('Allow', 'Deny'),
        Action: names,
        Resource: resources,
        Condition: conditions,
        negated: fc.boolean(),
      })
      .map(({ negated, Action, Condition, ...rest }) => ({
        ...rest,
        ...(negated ? { NotAction: Action } : { Action }),
        ...(Condition && { Condition }),
      }));
    const principal = fc.constantFrom(toRole, toSession, toAccount, toAll, toOther, toSns);
    const identityPolicy = fc.array(statement, { maxLength: 3 }).map((s) => parsePolicy(document(...s)));
    const resourcePolicy = fc
      .array(fc.tuple(statement, principal), { maxLength: 3 })
      .map((pairs) => parsePolicy(document(...pairs.map(([s, p]) => ({ ...s, ...p }))), { resourceBased: true }));
    const policies: fc.Arbitrary<Policies> = fc.record({
      identity: fc.array(identityPolicy, { maxLength: 3 }),
      boundary: fc.option(identityPolicy, { nil: undefined }),
      resource: fc.array(resourcePolicy, { maxLength: 2 }),
      resourceRule: fc.constantFrom('union', 'required'),
    });
    const request: fc.Arbitrary<Request> = fc
      .record({
        caller: fc.constantFrom(role, sns),
        tenant: fc.constantFrom(undefined, 'a', 'b'),
        user: fc.constantFrom(undefined, 'a', 'b'),
      })
      .map(({ caller, tenant, user }) => ({
        caller,
        action: 'sqs:SendMessage',
        resource: queue,
        context: (key) => (key === 'my:tenant' ? tenant : key === 'my:user' ? user : undefined),
      }));

    it('a deny that applies wins, wherever it stands', () => {
      fc.assert(
        fc.property(policies, request, fc.nat(2), (given, asked, where) => {
          const with_ = [
            { ...given, identity: [...given.identity, identity(deny)] },
            { ...given, boundary: identity({}, deny) },
            { ...given, resource: [...given.resource, ofResource({ ...deny, ...toAll })] },
          ][asked.caller.kind === 'service' ? 2 : where];
          const decision = evaluate(asked, with_ ?? given);
          return !decision.allowed && decision.explicit;
        }),
      );
    });

    it('an allow more never takes access away', () => {
      fc.assert(
        fc.property(policies, request, principal, (given, asked, to) => {
          if (!evaluate(asked, given).allowed) return;
          const withIdentity = { ...given, identity: [identity({}), ...given.identity] };
          const withResource = { ...given, resource: [ofResource(to), ...given.resource] };
          expect(evaluate(asked, withIdentity).allowed).toBe(true);
          expect(evaluate(asked, withResource).allowed).toBe(true);
        }),
      );
    });

    it('a boundary never gives access', () => {
      fc.assert(
        fc.property(policies, request, (given, asked) => {
          if (evaluate(asked, given).allowed)
            expect(evaluate(asked, { ...given, boundary: undefined }).allowed).toBe(true);
        }),
      );
    });

    it('the order of policies makes no difference', () => {
      fc.assert(
        fc.property(policies, request, (given, asked) => {
          const turned = { ...given, identity: given.identity.toReversed(), resource: given.resource.toReversed() };
          expect(evaluate(asked, turned).allowed).toBe(evaluate(asked, given).allowed);
        }),
      );
    });

    it('narrowing changes no decision, and depends on no key but those that it names', () => {
      fc.assert(
        fc.property(policies, request, (given, asked) => {
          const { policies: narrowed, keys } = narrow(given, asked);
          const onlyKeys = {
            ...asked,
            context: (key: string) => (keys.includes(key) ? asked.context(key) : 'anything'),
          };
          expect(evaluate(onlyKeys, narrowed)).toEqual(evaluate(asked, given));
        }),
      );
    });
  });
});
