import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { IssuerSpecs } from '../../../lambdas/contract/issuer-spec.ts';
import { ScopeRoutes } from '../../../lambdas/contract/scope-routes.ts';
import { TierKeys } from '../../../lambdas/contract/tier-spec.ts';
import type { JwtAuthorizerProps } from '../../../lib/api/jwt-authorizer.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { TokenIssuer } from '../../../lib/api/token-issuer.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { addEcho, newApi, newAuthorizer, ownIssuer } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';

const outside = (issuer: string) =>
  TokenIssuer.outside({ issuer, audience: 'ours', jwksUri: `${issuer}/jwks`, algorithms: ['RS256', 'PS256'] });

const byClaims = RateLimit.gcra({
  by: [LimitBy.claim('org'), LimitBy.claim('app')],
  ratePerSecond: 1,
  burst: 1,
});
const make = (props: Partial<JwtAuthorizerProps>, stack: Stack = flaggedStack()) => newAuthorizer(stack, props);

describe('JwtAuthorizer', () => {
  let template: Template;
  let environment: Record<string, string>;

  beforeAll(() => {
    const stack = flaggedStack();
    const auth = newAuthorizer(stack, { issuers: [ownIssuer(stack), outside('https://id.example.com')] });
    const api = newApi(stack, { auth });
    addEcho(api, 'Feed', [
      Route.get('/api/feed', { scope: 'feed:read', limits: [byClaims] }),
      Route.put('/api/follows/{userId}', { scope: 'follows:write' }),
    ]);
    template = Template.fromStack(stack);
    environment = resolvedEnvironment(template, 'Verifies bearer tokens');
  });

  it('is a REQUEST authorizer whose answer is cached by the Authorization header, for 5 minutes', () => {
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  it('knows our own issuer by the URL of the API, and outside ones by what was said', () => {
    expect(v.parse(IssuerSpecs, environment[Env.ISSUERS])).toEqual([
      {
        issuer: 'https://<RestApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/test',
        audience: 'spillway-test',
        algorithms: ['ES256'],
        tierClaim: 'tier',
        scopeClaim: 'scope',
        tenantClaim: 'tenant',
      },
      {
        issuer: 'https://id.example.com',
        audience: 'ours',
        jwksUri: 'https://id.example.com/jwks',
        algorithms: ['RS256', 'PS256'],
        tierClaim: 'tier',
        scopeClaim: 'scope',
        tenantClaim: 'tenant',
      },
    ]);
  });

  it('knows where an issuer keeps tier, scopes and tenant, where that is said', () => {
    const stack = flaggedStack();
    const claims = { tierClaim: 'plan', scopeClaim: 'scp', tenantClaim: 'org' };
    const jwksUri = 'https://id.example.com/jwks';
    const other = TokenIssuer.outside({
      issuer: 'https://a',
      audience: 'ours',
      jwksUri,
      algorithms: ['ES256'],
      ...claims,
    });
    const auth = newAuthorizer(stack, { issuers: [ownIssuer(stack, { tenantClaim: 'team' }), other] });
    addEcho(newApi(stack, { auth }), 'Feed', [Route.get('/api/feed', { scope: 'feed:read' })]);
    const variables = resolvedEnvironment(Template.fromStack(stack), 'Verifies bearer tokens');
    expect(v.parse(IssuerSpecs, variables[Env.ISSUERS])).toMatchObject([
      { tierClaim: 'tier', scopeClaim: 'scope', tenantClaim: 'team' },
      claims,
    ]);
    expect(variables[Env.CLAIMS]).toBe('[]');
  });

  it('knows the claims that limits count by, which it hands on', () => {
    expect(environment[Env.CLAIMS]).toBe('["app","org"]');
  });

  it('knows the routes of each scope, also those that were added later', () => {
    expect(v.parse(ScopeRoutes, environment[Env.SCOPE_ROUTES])).toEqual({
      'feed:read': ['GET/api/feed'],
      'follows:write': ['PUT/api/follows/*'],
    });
  });

  it('knows the key of each tier, which is the value in the template, and that a closed tier has none', () => {
    const keys = v.parse(TierKeys, environment[Env.TIER_KEYS]);
    expect(keys).toEqual({
      free: 'spillway-free-<stack uuid>',
      pro: 'spillway-pro-<stack uuid>',
      suspended: null,
    });
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 2);
  });

  it('may scan the verification keys, and nothing else of them', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'dynamodb:Scan' })]) },
    });
    expect(environment[Env.VERIFICATION_KEYS_TABLE]).toBe('<Keys>');
  });

  it('caches no longer than an access token lives', () => {
    const stack = flaggedStack();
    const issuers = [ownIssuer(stack, { accessTokenLifetime: Duration.minutes(2) })];
    expect(make({ issuers }, stack).cacheFor.toSeconds()).toBe(120);
  });

  it('caches for as long as a token lives, or not at all, where that is written out', () => {
    expect(make({ cacheFor: Duration.minutes(15) }).cacheFor.toMinutes()).toBe(15);
    expect(make({ cacheFor: Duration.seconds(0) }).cacheFor.toSeconds()).toBe(0);
    expect(make({ issuers: [outside('https://a')], cacheFor: Duration.hours(1) }).cacheFor.toHours()).toBe(1);
  });

  it.each([
    ['longer than a token lives', {}, Duration.seconds(901), '15 minutes', '15 minutes 1 second'],
    [
      'longer than AWS allows',
      { issuers: [outside('https://a')] },
      Duration.seconds(3_601),
      '1 hour',
      '1 hour 1 second',
    ],
  ])('fails on a cache time %s', (_case, props, cacheFor, max, got) => {
    expect(() => make({ ...props, cacheFor })).toThrow(
      expect.objectContaining({
        code: 'invalid-duration',
        message: `authorizer: cacheFor must be whole seconds between 0 seconds and ${max}, got ${got}; a cached policy must not outlive the token it was made for [Stack/Authorizer]`,
      }),
    );
  });

  it.each([
    [Duration.seconds(59), '59 seconds'],
    [Duration.seconds(86_401), '1 day 1 second'],
  ])('fails on access tokens that live %s', (accessTokenLifetime, got) => {
    const stack = flaggedStack();
    expect(() => make({ issuers: [ownIssuer(stack, { accessTokenLifetime })] }, stack)).toThrow(
      `own issuer: accessTokenLifetime must be whole seconds between 1 minute and 1 day, got ${got}; a leaked token is of use for that long [Stack/Authorizer]`,
    );
  });

  it('fails on refresh tokens that live shorter than access tokens', () => {
    const stack = flaggedStack();
    expect(() => make({ issuers: [ownIssuer(stack, { refreshTokenLifetime: Duration.minutes(14) })] }, stack)).toThrow(
      'own issuer: refreshTokenLifetime must be whole seconds between 15 minutes and 365 days, got 14 minutes [Stack/Authorizer]',
    );
  });

  it('fails without an issuer', () => {
    expect(() => make({ issuers: [] })).toThrow(
      'authorizer: issuers must name at least one, got none [Stack/Authorizer]',
    );
  });

  it('fails on one issuer twice, our own included', () => {
    expect(() => make({ issuers: [outside('https://a'), outside('https://a')] })).toThrow(
      "authorizer: issuers must differ, got 'https://a' twice [Stack/Authorizer]",
    );
    const stack = flaggedStack();
    const own = ownIssuer(stack);
    expect(() => make({ issuers: [own, own] }, stack)).toThrow(
      'authorizer: issuers may hold one of our own, got 2 [Stack/Authorizer]',
    );
  });

  it('fails to guard a second API', () => {
    const stack = flaggedStack();
    const auth = newAuthorizer(stack);
    newApi(stack, { auth });
    const second = {
      url: 'https://x',
      stageName: 'x',
      scopeRoutes: () => ({}),
      tierKeys: () => ({}),
      claims: () => [],
    };
    expect(() => auth.guard(second)).toThrow(
      new SpillwayError(
        'authorizer-in-use',
        'an authorizer guards one API, as its policy names the routes of one; make a second authorizer',
        auth,
      ),
    );
  });
});
