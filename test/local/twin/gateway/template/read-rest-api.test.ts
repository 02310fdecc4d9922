import { describe, expect, test } from 'vitest';
import { createGateway } from '../../../../../local/twin/gateway/create-gateway.ts';
import { type RestApiFixture, resource, restApiResources } from '../../../../support/rest-api-resources.ts';

const options = {
  invoke: async () => ({ ok: true, payload: {} }) as const,
  nowMs: () => 0,
  region: 'x',
  accountId: 'y',
};
const read = (fixture: RestApiFixture) => createGateway(restApiResources(fixture), options);
const withMethod = (properties: Record<string, unknown>): RestApiFixture => ({
  methods: [{ route: 'GET /things', properties }],
});
const METHOD = 'AWS::ApiGateway::Method Method GET /things: ';

describe('a template', () => {
  test.each<[string, RestApiFixture, string]>([
    [
      'an integration type',
      withMethod({ Integration: { Type: 'GRPC', Uri: 'https://example.com' } }),
      `${METHOD}Integration.Type must be AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK, got "GRPC"`,
    ],
    ['no integration', withMethod({ Integration: undefined }), `${METHOD}the method has no Integration`],
    [
      'a target that is no function',
      withMethod({ Integration: { Type: 'AWS_PROXY', Uri: 'arn:aws:apigateway:x:sqs:path/q' } }),
      `${METHOD}Uri must be the invocation URI of a Lambda function, got arn:aws:apigateway:x:sqs:path/q`,
    ],
    [
      'a stage variable that is not there',
      withMethod({ Integration: { Type: 'AWS_PROXY', Uri: `\${stageVariables.fn}` } }),
      `${METHOD}Uri names the stage variable fn, which the stage does not have`,
    ],
    [
      'a time-out',
      withMethod({
        Integration: { Type: 'AWS_PROXY', Uri: ':lambda:path/2015-03-31/functions/f/invocations', TimeoutInMillis: 49 },
      }),
      `${METHOD}Integration.TimeoutInMillis must be a whole number of milliseconds of at least 50, got 49`,
    ],
    [
      'a method',
      withMethod({ HttpMethod: 'FETCH' }),
      `${METHOD}HttpMethod must be one of ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, got "FETCH"`,
    ],
    [
      'an authorization type',
      withMethod({ AuthorizationType: 'AWS_IAM' }),
      `${METHOD}the twin runs AuthorizationType NONE and CUSTOM, not AWS_IAM`,
    ],
    [
      'an authorizer that is not there',
      withMethod({ AuthorizationType: 'CUSTOM', AuthorizerId: 'x' }),
      `${METHOD}AuthorizerId names no authorizer of this API, got x`,
    ],
    [
      'an authorizer type',
      { authorizers: { jwt: { Type: 'COGNITO_USER_POOLS' } } },
      'AWS::ApiGateway::Authorizer jwt: the twin runs authorizers of type TOKEN and REQUEST, not COGNITO_USER_POOLS',
    ],
    [
      'a TTL',
      { authorizers: { jwt: { AuthorizerResultTtlInSeconds: 3_601 } } },
      'AWS::ApiGateway::Authorizer jwt: AuthorizerResultTtlInSeconds must be a whole number from 0 to 3600, got 3601',
    ],
    [
      'a cache without a key',
      { authorizers: { jwt: { IdentitySource: undefined } } },
      'AWS::ApiGateway::Authorizer jwt: IdentitySource must be at least one source while the authorizer caches, got nothing',
    ],
    [
      'an identity source',
      { authorizers: { jwt: { IdentitySource: "'literal'" } } },
      'AWS::ApiGateway::Authorizer jwt: IdentitySource must be request parameters, context or stage variables, got "\'literal\'"',
    ],
    [
      'an expression',
      { authorizers: { jwt: { Type: 'TOKEN', IdentityValidationExpression: '(' } } },
      'AWS::ApiGateway::Authorizer jwt: IdentityValidationExpression must be a regular expression, got "("',
    ],
    [
      'a key source',
      { api: { ApiKeySourceType: 'COOKIE' } },
      'AWS::ApiGateway::RestApi Api: ApiKeySourceType must be HEADER or AUTHORIZER, got "COOKIE"',
    ],
    [
      'two routes in one place',
      { methods: [{ route: 'GET /things' }, { route: 'GET /things' }] },
      'AWS::ApiGateway::RestApi Api: two routes serve GET /things',
    ],
    [
      'a throttle',
      {
        stage: {
          MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: -2, ThrottlingBurstLimit: 1 }],
        },
      },
      'AWS::ApiGateway::Stage Stage: throttle rate must be a number of requests per second of at least 0, got -2',
    ],
    [
      'a quota',
      { plans: { free: { Quota: { Limit: 1, Period: 'YEAR' } } } },
      'AWS::ApiGateway::UsagePlan free: quota period must be DAY, WEEK or MONTH, got YEAR',
    ],
    [
      'half a throttle of a plan',
      { plans: { free: { Throttle: { RateLimit: 1 } } } },
      'AWS::ApiGateway::UsagePlan free: a throttle needs both RateLimit and BurstLimit',
    ],
    [
      'a plan that throttles a method only',
      {
        plans: {
          free: {
            ApiStages: [
              { ApiId: 'a1b2c3d4e5', Stage: 'dev', Throttle: { '/things/GET': { RateLimit: 1, BurstLimit: 1 } } },
            ],
          },
        },
      },
      'AWS::ApiGateway::UsagePlan free: a throttle of one method needs a Throttle of the whole plan',
    ],
    [
      'a plan that throttles what is not there',
      {
        plans: {
          free: {
            ApiStages: [{ ApiId: 'a1b2c3d4e5', Stage: 'dev', Throttle: { '/x/GET': { RateLimit: 1, BurstLimit: 1 } } }],
          },
        },
      },
      'AWS::ApiGateway::UsagePlan free: ApiStages throttles /x/GET, which is no method of the API',
    ],
    [
      'a key in two plans of the stage',
      { plans: { free: {}, pro: {} }, keys: { k: { value: 'v', plans: ['free', 'pro'] } } },
      "AWS::ApiGateway::ApiKey k: an API key belongs to one usage plan per stage, but both 'free' and 'pro' have it",
    ],
    [
      'a property of the wrong shape',
      { api: { BinaryMediaTypes: 'x' } },
      'AWS::ApiGateway::RestApi Api: BinaryMediaTypes must be a list of strings, got "x"',
    ],
    [
      'a resource that is its own ancestor',
      { others: [resource('Resource', 'R', { ParentId: 'R', PathPart: 'r' })] },
      'AWS::ApiGateway::Resource R: it is its own ancestor',
    ],
  ])('fails with %s that the gateway cannot serve', (_, fixture, message) => {
    expect(() => read(fixture)).toThrow(new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  });

  test('may have resources of other services, and plans of other stages', () => {
    const table = { ...resource('X', 'Table', {}), type: 'AWS::DynamoDB::GlobalTable' };
    const gateway = read({
      others: [table],
      plans: { elsewhere: { ApiStages: [{ ApiId: 'other', Stage: 'dev' }] }, nowhere: { ApiStages: undefined } },
      keys: { k: { value: 'v', plans: ['elsewhere'] } },
    });
    expect(gateway.description.plans).toEqual([]);
  });

  test('finds a function through a stage variable', () => {
    const Uri = `arn:aws:apigateway:x:lambda:path/2015-03-31/functions/arn:f:\${stageVariables.alias}/invocations`;
    const gateway = read({
      ...withMethod({ Integration: { Type: 'AWS_PROXY', Uri } }),
      stage: { Variables: { alias: 'live' } },
    });
    expect(gateway.description.routes[0]?.functionArn).toBe('arn:f:live');
  });

  test('throttles by the most specific of the settings of a stage', () => {
    const setting = (HttpMethod: string, ResourcePath: string, limit: number) => ({
      HttpMethod,
      ResourcePath,
      ThrottlingRateLimit: limit,
      ThrottlingBurstLimit: limit,
    });
    const gateway = read({
      methods: [
        { route: 'GET /a/b' },
        { route: 'POST /a/b' },
        { route: 'GET /c' },
        { route: 'GET /' },
        { route: 'GET /d' },
      ],
      stage: {
        MethodSettings: [
          setting('*', '/*', 1),
          setting('*', '/~1a~1b', 2),
          setting('GET', '/~1a~1b', 3),
          setting('GET', '/~1', 4),
          { HttpMethod: 'GET', ResourcePath: '/~1c', ThrottlingRateLimit: -1, ThrottlingBurstLimit: -1 },
          { HttpMethod: 'GET', ResourcePath: '/~1d', MetricsEnabled: true, ThrottlingRateLimit: 9 },
        ],
      },
    });
    expect(gateway.description.routes.map(({ throttle }) => throttle?.ratePerSecond)).toEqual([3, 2, undefined, 4, 9]);
    expect(gateway.description.routes[4]?.throttle?.burst).toBe(5_000);
  });
});
