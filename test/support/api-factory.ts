import { Duration } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { CreatePostRequest } from '../../lambdas/contract/feed.ts';
import { LoginRequest } from '../../lambdas/contract/identity.ts';
import { PageQuery } from '../../lambdas/contract/page-query.ts';
import { JwtAuthorizer, type JwtAuthorizerProps } from '../../lib/api/jwt-authorizer.ts';
import { LimitBy } from '../../lib/api/limit-by.ts';
import { RateLimit } from '../../lib/api/rate-limit.ts';
import { Route } from '../../lib/api/route.ts';
import { ThrottledApi, type ThrottledApiProps } from '../../lib/api/throttled-api.ts';
import { type OwnIssuerProps, TokenIssuer } from '../../lib/api/token-issuer.ts';
import { UsageTier } from '../../lib/api/usage-tier.ts';
import type { ServiceFunction } from '../../lib/compute/service-function.ts';
import { FIXTURE_HANDLERS } from './flagged-app.ts';

/** Our own issuer, with a table of verification keys in the same stack. */
export function ownIssuer(scope: Construct, props: Partial<OwnIssuerProps> = {}): TokenIssuer {
  return TokenIssuer.own({
    audience: 'spillway-test',
    verificationKeys: new TableV2(scope, 'Keys', { partitionKey: { name: 'kid', type: AttributeType.STRING } }),
    accessTokenLifetime: Duration.minutes(15),
    refreshTokenLifetime: Duration.days(30),
    ...props,
  });
}

/** An authorizer of our own tokens, unless told otherwise. */
export function newAuthorizer(scope: Construct, props: Partial<JwtAuthorizerProps> = {}): JwtAuthorizer {
  return new JwtAuthorizer(scope, 'Authorizer', {
    ...props,
    issuers: props.issuers ?? [ownIssuer(scope)],
    handlersDirectory: FIXTURE_HANDLERS,
  });
}

/** An API of the stage `test` with the tiers free, pro, and suspended, which is closed. */
export function newApi(scope: Construct, props: Partial<ThrottledApiProps> = {}): ThrottledApi {
  return new ThrottledApi(scope, 'Api', {
    stageName: 'test',
    tiers: [UsageTier.free(), UsageTier.pro(), UsageTier.closed('suspended')],
    throttle: { ratePerSecond: 1_000, burst: 2_000 },
    onStoreFailure: 'local',
    ...props,
    auth: props.auth ?? newAuthorizer(scope),
  });
}

/** A service with a handler that does nothing. */
export function addEcho(api: ThrottledApi, name: string, routes: readonly Route[]): ServiceFunction {
  return api.addService(name, { handler: 'echo', routes, handlersDirectory: FIXTURE_HANDLERS });
}

/** Routes of a service with a query, a body, limits, a throttle and a path parameter. */
export const FEED_ROUTES = [
  Route.get('/api/feed', { scope: 'feed:read', query: PageQuery, cacheFor: Duration.seconds(5) }),
  Route.post('/api/feed', {
    scope: 'feed:write',
    throttle: { ratePerSecond: 500, burst: 1_000 },
    limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })],
    body: CreatePostRequest,
  }),
  Route.put('/api/follows/{userId}', { scope: 'follows:write' }),
];

/** A public route. */
export const LOGIN = Route.post('/login', { scope: Route.PUBLIC, body: LoginRequest });
