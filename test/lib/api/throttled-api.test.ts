import { type App, Duration, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { AdmissionSpecJson } from '../../../lambdas/contract/admission-spec.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { RouteSpecs } from '../../../lambdas/contract/route-spec.ts';
import { TierLimits } from '../../../lambdas/contract/tier-spec.ts';
import { Route } from '../../../lib/api/route.ts';
import type { ThrottledApi } from '../../../lib/api/throttled-api.ts';
import { Park } from '../../../lib/api/when-overloaded.ts';
import { addEcho, FEED_ROUTES, LOGIN, newApi } from '../../support/api-factory.ts';
import { flaggedStack } from '../../support/flagged-app.ts';
import { resolvedEnvironment } from '../../support/resolved-environment.ts';

/** An API with two services, synthesized with all the checks of a real synth. */
function synthesize(routes = FEED_ROUTES): { readonly api: ThrottledApi; readonly template: Template } {
  const stack = flaggedStack('Service');
  const api = newApi(stack, { onStoreFailure: 'deny', admissionShards: 2, logRetention: RetentionDays.ONE_WEEK });
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
    expect(JSON.parse(feed[Env.ROUTES] ?? '')).toEqual(FEED_ROUTES.map(({ spec }) => spec));
    expect(v.parse(RouteSpecs, feed[Env.ROUTES])).toHaveLength(FEED_ROUTES.length);
    expect(v.parse(TierLimits, feed[Env.TIER_LIMITS])).toEqual({
      free: { ratePerSecond: 100, burst: 200 },
      pro: { ratePerSecond: 500, burst: 1_000 },
      suspended: null,
    });
    expect(feed[Env.STAGE]).toBe('test');
    expect(v.parse(AdmissionSpecJson, feed[Env.ADMISSION])).toMatchObject({
      service: 'Feed',
      shards: 2,
      onStoreFailure: 'deny',
      leaseMs: 10_000,
    });
    expect(JSON.parse(feed[Env.ADMISSION] ?? '')).toEqual(api.admission.get('Feed'));
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
    expect(api.servedRoutes).toContainEqual({ service: 'Identity', route: LOGIN });
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

  it('fails for a service that parks and has no queue to park in', () => {
    const stack = flaggedStack('Service');
    addEcho(newApi(stack), 'Shop', [
      Route.post('/api/orders', { scope: 'feed:write', whenOverloaded: Park.for(Duration.minutes(1)) }),
    ]);
    expect(() => Template.fromStack(stack)).toThrow(
      "service 'Shop': route 'POST /api/orders' parks requests, but there is no queue for them; add a ParkingLot for the service",
    );
  });
});
