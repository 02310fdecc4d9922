import { describe, expect, test } from 'vitest';
import { allowing, startTestGateway } from '../../../support/test-gateway.ts';

const Format = JSON.stringify({
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  agent: '$context.identity.userAgent',
  time: '$context.requestTime',
  epoch: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  path: '$context.path',
  resource: '$context.resourcePath',
  status: '$context.status',
  length: '$context.responseLength',
  latency: '$context.responseLatency',
  integration: '$context.integration.latency',
  integrationStatus: '$context.integration.integrationStatus',
  authorizer: '$context.authorizer.latency',
  sub: '$context.authorizer.sub',
  error: '$context.error.responseType',
  unknown: '$context.noSuchThing',
});

describe('the access log', () => {
  test("is written in the stage's own format", async () => {
    const gateway = await startTestGateway(
      {
        methods: [{ route: 'GET /things/{id}', authorizer: 'jwt' }],
        authorizers: { jwt: {} },
        stage: { AccessLogSetting: { DestinationArn: 'arn', Format } },
      },
      {
        authorizer: () => {
          gateway.clock.nowMs += 3;
          return allowing('*', { context: { sub: 'u"1' } });
        },
        service: () => {
          gateway.clock.nowMs += 20;
          return { statusCode: 201, body: 'é' };
        },
      },
    );
    const answer = await gateway.get('/things/7', { headers: { authorization: 't', 'user-agent': 'a"b' } });
    expect(JSON.parse(gateway.access[0]?.line ?? '')).toEqual({
      requestId: answer.headers.get('x-amzn-requestid'),
      ip: '127.0.0.1',
      agent: 'a"b',
      time: '22/Nov/2026:00:00:00 +0000',
      epoch: String(Date.UTC(2026, 10, 22)),
      method: 'GET',
      path: '/things/7',
      resource: '/things/{id}',
      status: '201',
      length: '2',
      latency: '23',
      integration: '20',
      integrationStatus: '201',
      authorizer: '3',
      sub: 'u"1',
      error: '-',
      unknown: '-',
    });
    expect(gateway.access[0]).toMatchObject({
      latencyMs: 23,
      authorizerLatencyMs: 3,
      integrationLatencyMs: 20,
      principalId: 'user-1',
    });
  });

  test('says what was refused, with a hyphen for what never happened', async () => {
    const gateway = await startTestGateway({ stage: { AccessLogSetting: { DestinationArn: 'arn', Format } } });
    await gateway.get('/nowhere');
    expect(JSON.parse(gateway.access[0]?.line ?? '')).toMatchObject({
      resource: '-',
      status: '403',
      integration: '-',
      error: 'MISSING_AUTHENTICATION_TOKEN',
    });
  });

  test('may be a line of words', async () => {
    const Format = '$context.identity.sourceIp "$context.httpMethod $context.resourcePath" $context.status';
    const gateway = await startTestGateway({ stage: { AccessLogSetting: { DestinationArn: 'arn', Format } } });
    await gateway.get('/things');
    expect(gateway.access[0]?.line).toBe('127.0.0.1 "GET /things" 200');
  });
});
