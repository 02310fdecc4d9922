import { type App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { CreatePostRequest } from '../../../lambdas/contract/feed.ts';
import { LoginRequest } from '../../../lambdas/contract/identity.ts';
import { PageQuery } from '../../../lambdas/contract/page-query.ts';
import { RouteSpecs } from '../../../lambdas/contract/route-spec.ts';
import { TierLimits } from '../../../lambdas/contract/tier-spec.ts';
import { LimitBy, RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import type { ThrottledApi, ThrottledApiProps } from '../../../lib/api/throttled-api.ts';
import { TokenIssuer } from '../../../lib/api/token-issuer.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { addEcho, newApi, newAuthorizer } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';
import { warningsOf } from '../../support/warnings-of.ts';

const scope = 'feed:read';
const FEED_ROUTES = [
  Route.get('/api/feed', { scope, query: PageQuery, cacheFor: Duration.seconds(5) }),
  Route.post('/api/feed', {
    scope: 'feed:write',
    throttle: { ratePerSecond: 500, burst: 1_000 },
    limits: [RateLimit.tokenBucket({ by: LimitBy.USER, ratePerSecond: 10, burst: 20 })],
    body: CreatePostRequest,
  }),
  Route.put('/api/follows/{userId}', { scope: 'follows:write' }),
];
const LOGIN = Route.post('/login', { scope: Route.PUBLIC, body: LoginRequest });

/** An API with two services, synthesized with all the checks of a real synth. */
function synthesize(routes = FEED_ROUTES): { readonly api: ThrottledApi; readonly template: Template } {
  const stack = flaggedStack('Service');
  const api = newApi(stack, { onStoreFailure: 'deny', logRetention: RetentionDays.ONE_WEEK });
  addEcho(api, 'Feed', routes);
  api.issueTokens(addEcho(api, 'Identity', [LOGIN]));
  const app = stack.node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { api, template: Template.fromStack(stack) };
}

describe('ThrottledApi', () => {
  let api: ThrottledApi;
  let template: Template;

  beforeAll(() => {
    ({ api, template } = synthesize());
  });

  it('is Regional, takes keys from the authorizer alone, and speaks TLS 1.2 at least', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'Service-Api',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      ApiKeySourceType: 'AUTHORIZER',
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
  });

  it('throttles the stage, and a route that says so', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'test',
      MethodSettings: [
        Match.objectLike({ HttpMethod: '*', ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 }),
        Match.objectLike({
          HttpMethod: 'POST',
          ResourcePath: '/~1api~1feed',
          ThrottlingRateLimit: 500,
          ThrottlingBurstLimit: 1_000,
        }),
      ],
    });
  });

  it('has a plan with a key for each tier that is open, on the stage itself and not on a literal', () => {
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 2);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 2);
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 2_000, BurstLimit: 2_000 },
      Quota: { Limit: 100_000_000, Period: 'MONTH' },
      ApiStages: [Match.objectLike({ Stage: { Ref: Match.stringLikeRegexp('^ApiRestApiDeploymentStage') } })],
    });
  });

  it('asks for a token and counts it on a route with a scope', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: Match.anyValue(),
      ApiKeyRequired: true,
      RequestParameters: {
        'method.request.querystring.limit': false,
        'method.request.querystring.cursor': false,
      },
      Integration: Match.objectLike({ Type: 'AWS_PROXY' }),
    });
  });

  it('asks for neither on a public route, and has its body checked', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      AuthorizationType: 'NONE',
      ApiKeyRequired: Match.absent(),
      RequestModels: { 'application/json': { Ref: Match.stringLikeRegexp('^ApiModelsLoginRequest') } },
      RequestValidatorId: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', {
      ValidateRequestBody: true,
      ValidateRequestParameters: true,
    });
  });

  it('insists on path parameters', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'PUT',
      RequestParameters: { 'method.request.path.userId': true },
    });
  });

  it('answers a preflight on every path with a route, for the methods it has', () => {
    const preflights = Object.values(template.findResources('AWS::ApiGateway::Method')).flatMap(({ Properties }) =>
      Properties.HttpMethod === 'OPTIONS' ? [Properties.Integration.IntegrationResponses[0].ResponseParameters] : [],
    );
    const methods = preflights.map((headers) => headers['method.response.header.Access-Control-Allow-Methods']);
    expect(methods.sort()).toEqual(["'GET,POST,OPTIONS'", "'POST,OPTIONS'", "'PUT,OPTIONS'"]);
    expect(preflights[0]['method.response.header.Access-Control-Allow-Headers']).toContain('Authorization');
  });

  it('calls services through their alias, with one permission for each service', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    const ofServices = permissions.filter(({ Properties }) => !JSON.stringify(Properties).includes('authorizers'));
    expect(ofServices).toHaveLength(2);
    for (const { Properties } of ofServices) expect(Properties.FunctionName.Ref).toMatch(/Live/);
  });

  it('logs one line per request, and its own errors, both for as long as was said', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { Format: Match.stringLikeRegexp('"tier":"\\$context.authorizer.tier"') },
      TracingEnabled: true,
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: {
        'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.stringLikeRegexp('^ApiRestApi') }, '/test']],
      },
      RetentionInDays: 7,
    });
  });

  it('sets the role for logs before the stage that needs it, and leaves it behind', () => {
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    template.hasResource('AWS::ApiGateway::Stage', {
      DependsOn: Match.arrayWith([
        Match.stringLikeRegexp('^ApiLogsExecution'),
        Match.stringLikeRegexp('^ApiRestApiAccount'),
      ]),
    });
  });

  it('tells each service its routes, the bounds of the tiers and what to do without a store', () => {
    const feed = resolvedEnvironment(template, 'Service Feed');
    expect(v.parse(RouteSpecs, feed[Env.ROUTES])).toEqual(FEED_ROUTES.map(({ spec }) => spec));
    expect(v.parse(TierLimits, feed[Env.TIER_LIMITS])).toEqual({
      free: { ratePerSecond: 100, burst: 200 },
      pro: { ratePerSecond: 500, burst: 1_000 },
      suspended: null,
    });
    expect(feed).toMatchObject({ [Env.STAGE]: 'test', [Env.ON_STORE_FAILURE]: 'deny' });
  });

  it('tells who signs tokens whose they are, and for how long', () => {
    expect(resolvedEnvironment(template, 'Service Identity')).toMatchObject({
      [Env.ISSUER]: 'https://<RestApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/test',
      [Env.AUDIENCE]: 'spillway-test',
      [Env.ACCESS_TOKEN_SECONDS]: '900',
      [Env.REFRESH_TOKEN_SECONDS]: '2592000',
    });
  });

  it('knows its services and routes', () => {
    expect([...api.services.keys()]).toEqual(['Feed', 'Identity']);
    expect(api.routes).toEqual([...FEED_ROUTES, LOGIN]);
    expect(api.stageName).toBe('test');
  });

  it('deploys anew when a route changes, and only then', () => {
    const deployment = (of: Template) => Object.keys(of.findResources('AWS::ApiGateway::Deployment'));
    const changed = FEED_ROUTES.map((route) =>
      route.method === 'PUT' ? Route.put('/api/follows/{userId}', { scope: Route.PUBLIC }) : route,
    );
    expect(deployment(synthesize().template)).toEqual(deployment(template));
    expect(deployment(synthesize(changed).template)).not.toEqual(deployment(template));
  });

  it('keeps the logical ids of what callers and quotas depend on', () => {
    const ids = (type: string) => Object.keys(template.findResources(type));
    expect(ids('AWS::ApiGateway::RestApi')).toEqual(['ApiRestApiE35FEAFE']);
    expect(ids('AWS::ApiGateway::UsagePlan')).toEqual(['ApiRestApiTierfreeB9BA9000', 'ApiRestApiTierpro2CB454A2']);
    expect(ids('AWS::ApiGateway::ApiKey')).toEqual(['ApiTiersfree0F1B7D1E', 'ApiTiersproA298C308']);
  });
});

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
