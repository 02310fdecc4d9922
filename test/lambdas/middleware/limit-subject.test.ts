import { describe, expect, it } from 'vitest';
import type { LimitSpec } from '../../../lambdas/contract/limit-spec.ts';
import { createLimitSubject, isWithinShard } from '../../../lambdas/middleware/limit-subject.ts';
import type { Caller } from '../../../lambdas/middleware/route-request.ts';
import { type ProxyEventOptions, proxyEvent } from '../../support/proxy-event.ts';

const alice: Caller = { sub: 'alice', tier: 'free', scopes: [], expiresAtSeconds: 0 };
const ofAcme: Caller = { ...alice, tenant: 'acme', claims: { org: 'research' } };

function subject(by: LimitSpec['by'], caller?: Caller, event: Partial<ProxyEventOptions> = {}): string {
  const request = proxyEvent({ resource: '/login', method: 'POST', ...event });
  return createLimitSubject(by)({ event: request, caller, routeName: 'POST /login' });
}

describe('createLimitSubject', () => {
  it.each([
    ['user', ['user'], ofAcme, 'user:alice'],
    ['tenant', ['tenant'], ofAcme, 'tenant:acme'],
    ['a caller without a tenant alone', ['tenant'], alice, 'user:alice'],
    ['address', ['ip'], undefined, 'ip:203.0.113.7'],
    ['route', ['route'], alice, 'route:POST /login'],
    ['everybody together', ['global'], alice, 'global'],
    ['claim', ['claim:org'], ofAcme, 'claim:org:research'],
    ['a caller without the claim alone', ['claim:org'], alice, 'user:alice'],
    ['a claim that every object has, as if it were missing', ['claim:constructor'], ofAcme, 'user:alice'],
    ['several together', ['user', 'ip'], alice, 'user:alice\nip:203.0.113.7'],
  ] as const)('counts by %s', (_, by, caller, expected) => {
    expect(subject([...by], caller)).toBe(expected);
  });

  it('counts IPv6 callers by /64', () => {
    const of = (sourceIp: string) => subject(['ip'], undefined, { sourceIp });
    expect(of('2001:db8::1')).toBe(of('2001:db8::ffff:2'));
    expect(of('2001:db8::1')).not.toBe(of('2001:db8:0:1::1'));
  });

  it('counts by the API key that the gateway has found', () => {
    const event = proxyEvent({ resource: '/' });
    event.requestContext.identity.apiKeyId = 'key-1';
    expect(createLimitSubject(['api-key'])({ event, caller: alice, routeName: 'GET /' })).toBe('api-key:key-1');
  });

  it.each([
    ['without case and the spaces around it', { email: ' Alice@Example.COM ' }, 'body:email:alice@example.com'],
    ['a number as it is written', { email: 7 }, 'body:email:7'],
    ['nothing where it is missing', {}, 'body:email:'],
    ['nothing in a body that is a list', [], 'body:email:'],
    ['nothing in a body that is broken JSON', '{"email":', 'body:email:'],
    ['nothing without a body', undefined, 'body:email:'],
    ['the beginning of an endless one', { email: 'a'.repeat(10_000) }, `body:email:${'a'.repeat(254)}`],
  ])('counts by a member of the body, %s', (_, body, expected) => {
    expect(subject(['body:email'], undefined, { body })).toBe(expected);
  });

  it('fails for a subject that nobody knows', () => {
    expect(() => createLimitSubject(['planet'] as unknown as LimitSpec['by'])).toThrow(
      "a limit cannot count by 'planet'; it counts by user, tenant, ip, api-key, route, global, claim: or body:",
    );
  });
});

describe('isWithinShard', () => {
  it.each([
    [['user'], false, true],
    [['tenant'], false, true],
    [['user', 'ip'], false, true],
    [['ip'], false, false],
    [['claim:org'], false, false],
    [['route'], false, false],
    [['global'], true, false],
    [['ip'], true, true],
    [['body:email', 'ip'], true, true],
    [['body:email'], true, false],
  ] as const)('of %s on a public route (%s) is %s', (by, isPublic, expected) => {
    expect(isWithinShard([...by], isPublic)).toBe(expected);
  });
});
