import { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../lambdas/contract/problem.ts';
import { GATEWAY_PROBLEMS, GatewayResponses } from '../../../lib/api/gateway-responses.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

interface Response {
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: v.InferOutput<typeof Problem>;
}

/** Every type in "Gateway response types" of the API Gateway developer guide, and the status to be answered. */
const STATUSES = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 503,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 404,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
};

describe('GatewayResponses', () => {
  const responses = new Map<string, Response>();
  const of = (type: string) => {
    const response = responses.get(type);
    if (!response) throw new Error(`no response of type ${type}`);
    return response;
  };

  beforeAll(() => {
    const stack = flaggedStack();
    const restApi = new RestApi(stack, 'Api');
    restApi.root.addMethod('POST');
    new GatewayResponses(stack, 'Responses', { restApi });
    const found = Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse');
    for (const { Properties } of Object.values(found)) {
      const prefix = 'gatewayresponse.header.';
      responses.set(Properties.ResponseType, {
        status: Properties.StatusCode,
        headers: Object.fromEntries(
          Object.entries<string>(Properties.ResponseParameters).map(([name, value]) => [
            name.slice(prefix.length),
            value.slice(1, -1),
          ]),
        ),
        body: v.parse(Problem, JSON.parse(Properties.ResponseTemplates['application/json'])),
      });
    }
  });

  it('answers every type that AWS lists, each with its status', () => {
    const statuses = Object.fromEntries([...responses].map(([type, { status }]) => [type, Number(status)]));
    expect(statuses).toEqual(STATUSES);
  });

  it.each(GATEWAY_PROBLEMS.map(({ type }) => type.responseType))('makes a problem of %s', (type) => {
    const { status, headers, body } = of(type);
    expect(body).toMatchObject({ status: Number(status), instance: '$context.requestId' });
    expect(body.type).toMatch(/^urn:spillway:problem:[a-z-]+$/);
    expect(headers).toMatchObject({
      'Content-Type': 'application/problem+json',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'no-store',
    });
    expect(headers['Access-Control-Expose-Headers']).toContain('Retry-After');
  });

  it('says when to come back on every 429 and 503, and only there', () => {
    for (const [type, { status, headers }] of responses) {
      const expected = ['429', '503'].includes(status) ? expect.stringMatching(/^[1-9]\d*$/) : undefined;
      expect(headers['Retry-After'], type).toEqual(expected);
    }
  });

  it('says what is wrong with the token', () => {
    expect(of('UNAUTHORIZED').headers['WWW-Authenticate']).toBe('Bearer error="invalid_token"');
    expect(of('ACCESS_DENIED').headers['WWW-Authenticate']).toBe('Bearer error="insufficient_scope"');
  });

  it('says what is wrong with a body, and with parameters', () => {
    expect(of('BAD_REQUEST_BODY').body.detail).toBe('$context.error.validationErrorString');
    expect(of('BAD_REQUEST_PARAMETERS').body.detail).toBe('$context.error.validationErrorString');
  });
});
