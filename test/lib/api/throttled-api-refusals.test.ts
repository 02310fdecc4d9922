import { Duration, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../../lib/api/dependency.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import type { ServiceProps, ThrottledApiProps } from '../../../lib/api/throttled-api.ts';
import { TokenIssuer } from '../../../lib/api/token-issuer.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { addEcho, FEED_ROUTES, LOGIN, newApi, newAuthorizer } from '../../support/api-factory.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';
import { warningsOf } from '../../support/warnings-of.ts';

const scope = 'feed:read';

describe('ThrottledApi, what it refuses', () => {
  const withProps = (props: Partial<ThrottledApiProps>) => newApi(flaggedStack(), props);
  const path = '[Stack/Api]';

  it('fails on two services with one name', () => {
    const api = withProps({});
    addEcho(api, 'Feed', FEED_ROUTES);
    expect(() => addEcho(api, 'Feed', [LOGIN])).toThrow(
      new SpillwayError('duplicate-service', "services must have different names, got 'Feed' twice", api),
    );
  });

  it.each(['', 'my service', '1st', 'a/b', 'x'.repeat(65)])("fails on a service named '%s'", (name) => {
    const api = withProps({});
    expect(() => addEcho(api, name, FEED_ROUTES)).toThrow(
      new SpillwayError(
        'invalid-service-name',
        `services must be named by letters and digits, 64 at most, beginning with a letter, got '${name}'`,
        api,
      ),
    );
  });

  it('fails on a service that is named like a part of the API', () => {
    expect(() => addEcho(withProps({}), 'RestApi', FEED_ROUTES)).toThrow(
      `services must not be named like a part of the API itself, got 'RestApi'; choose another name ${path}`,
    );
  });

  it('fails on a policy that no handler knows', () => {
    expect(() => withProps({ onStoreFailure: 'alow' as 'allow' })).toThrow(
      `api: onStoreFailure must be one of allow, deny, local, got 'alow' ${path}`,
    );
  });

  it('fails on limits that the store could not tell apart or share, also of two services', () => {
    const api = withProps({});
    const limit = (burst: number) => RateLimit.gcra({ by: LimitBy.GLOBAL, name: 'all', ratePerSecond: 1, burst });
    addEcho(api, 'Feed', [Route.get('/a', { scope, limits: [limit(1)] })]);
    expect(() => addEcho(api, 'Other', [Route.get('/b', { scope, limits: [limit(2)] })])).toThrow(
      /^route 'GET \/b': the global limit 'all' must be the same wherever it stands, .* \[Stack\/Api\]$/,
    );
  });

  it('fails on what a service says of its admission, with the time-out and the reservation of its function', () => {
    const serve = (options: Partial<ServiceProps>) =>
      withProps({ admissionShards: 8 }).addService('Feed', {
        handler: 'echo',
        handlersDirectory: FIXTURE_HANDLERS,
        routes: [Route.get('/a', { scope })],
        ...options,
      });
    expect(() => serve({ reservedConcurrency: 7 })).toThrow(
      `service 'Feed': reservedConcurrency must be at least 8, a request for each of the admissionShards, got 7 ${path}`,
    );
    expect(() => serve({ timeout: Duration.seconds(0) })).toThrow(
      `service 'Feed': timeout must be whole seconds between 1 second and 15 minutes, got 0 seconds ${path}`,
    );
    expect(() => serve({ routes: [Route.get('/a', { scope, dependencies: [Dependency.required('x')] })] })).toThrow(
      `route 'GET /a': dependencies must be some of those of service 'Feed' (none), got 'x'; declare it there ${path}`,
    );
  });

  it('fails on a service without routes', () => {
    const api = withProps({});
    expect(() => addEcho(api, 'Feed', [])).toThrow(
      new SpillwayError('service-without-routes', "service 'Feed': routes must hold at least one, got none", api),
    );
  });

  it('fails on a scope that is not declared, and accepts one that is', () => {
    expect(() => addEcho(withProps({ scopes: { admin: 'all' } }), 'Feed', FEED_ROUTES)).toThrow(
      `route 'GET /api/feed': scope must be one of 'admin', or Route.PUBLIC, got 'feed:read'; add it to the scopes first ${path}`,
    );
    const api = withProps({ scopes: { admin: 'all' } });
    expect(addEcho(api, 'Feed', [Route.get('/a', { scope: 'admin' })])).toBeDefined();
  });

  it('fails on one route in two services', () => {
    const api = withProps({});
    addEcho(api, 'Feed', FEED_ROUTES);
    expect(() => addEcho(api, 'Other', [Route.get('/api/feed', { scope })])).toThrow(
      `route 'GET /api/feed' is declared twice, by services 'Feed' and 'Other'; remove one ${path}`,
    );
  });

  it('warns about a route that another takes requests from, which AWS accepts', () => {
    const api = withProps({});
    addEcho(api, 'Users', [Route.get('/users/{id}', { scope }), Route.get('/users/me', { scope })]);
    expect(warningsOf(api)).toEqual([
      "route 'GET /users/{id}' does not see every request that fits it: API Gateway prefers route 'GET /users/me' where both do [ack: spillway:shadowed-route]",
    ]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on a stage throttle of %d per second', (rate) => {
    expect(() => withProps({ throttle: { ratePerSecond: rate, burst: 1 } })).toThrow(
      `api: throttle.ratePerSecond must be a number above 0, got ${rate} ${path}`,
    );
  });

  it.each([0, 0.9, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'fails on a stage throttle with a burst of %d',
    (burst) => {
      expect(() => withProps({ throttle: { ratePerSecond: 1, burst } })).toThrow(
        `api: throttle.burst must be a whole number of at least 1, got ${burst} ${path}`,
      );
    },
  );

  it('fails on limits of the account that mean nothing', () => {
    expect(() => withProps({ accountLimits: { ratePerSecond: Number.NaN, burst: 1 } })).toThrow(
      `api: accountLimits.ratePerSecond must be a number above 0, got NaN ${path}`,
    );
  });

  it('warns about a throttle one above the default limits of an account, and not at them', () => {
    expect(warningsOf(withProps({ throttle: { ratePerSecond: 10_000, burst: 5_000 } }))).toEqual([]);
    expect(warningsOf(withProps({ throttle: { ratePerSecond: 10_001, burst: 5_001 } }))).toEqual([
      "api: throttle.ratePerSecond is 10001, above the account's limit of 10000; ask AWS to raise that limit and set accountLimits, or lower the throttle [ack: spillway:above-account]",
      "api: throttle.burst is 5001, above the account's limit of 5000; ask AWS to raise that limit and set accountLimits, or lower the throttle [ack: spillway:above-account]",
    ]);
  });

  it('warns about a route throttle above that of the stage, which AWS accepts', () => {
    const api = withProps({});
    addEcho(api, 'Feed', [Route.get('/a', { scope, throttle: { ratePerSecond: 1_001, burst: 2_000 } })]);
    expect(warningsOf(api)).toEqual([
      "route 'GET /a': throttle.ratePerSecond is 1001, above the stage's throttle of 1000; API Gateway lets the route have it; raise the stage's throttle, or lower the route's [ack: spillway:route-above-stage]",
    ]);
  });

  it.each(['', 'my stage', 'v1/x'])("fails on the stage name '%s'", (stageName) => {
    expect(() => withProps({ stageName })).toThrow(
      `api: stageName must be letters, digits, hyphens and underscores, got '${stageName}' ${path}`,
    );
  });

  it('fails without a tier for new accounts', () => {
    expect(() => withProps({ tiers: [UsageTier.pro()] })).toThrow(/^tiers must include 'free'/);
  });

  it('fails to issue tokens that its authorizer would not accept', () => {
    const stack = flaggedStack();
    const jwksUri = 'https://id.example.com/jwks';
    const issuer = TokenIssuer.outside({ issuer: 'x', audience: 'x', jwksUri, algorithms: ['ES256'] });
    const api = newApi(stack, { auth: newAuthorizer(stack, { issuers: [issuer] }) });
    const identity = addEcho(api, 'Identity', [LOGIN]);
    expect(() => api.issueTokens(identity)).toThrow(
      new SpillwayError(
        'no-own-issuer',
        'the authorizer accepts no tokens of our own; add TokenIssuer.own() to its issuers',
        api,
      ),
    );
  });

  it('leaves the role for logs alone where another stack sets it', () => {
    const api = withProps({ setAccountLogRole: false });
    expect(
      Stack.of(api)
        .node.findAll()
        .map(({ node }) => node.id),
    ).not.toContain('CloudWatchRole');
  });
});
