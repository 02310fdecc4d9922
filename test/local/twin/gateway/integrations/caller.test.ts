import { describe, expect, test } from 'vitest';
import { invocationUri } from '../../../../support/rest-api-resources.ts';
import { allowing, failed, startTestGateway } from '../../../../support/test-gateway.ts';

const API = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5';
const gatewayFor = (sourceArn: string) => ({ kind: 'service', service: 'apigateway.amazonaws.com', sourceArn });
const ROLE = 'arn:aws:iam::123456789012:role/r';
const asRole = {
  kind: 'role',
  roleArn: ROLE,
  sessionName: 'BackplaneAssumeRoleSession',
  assumedBy: 'apigateway.amazonaws.com',
};

describe('the caller of a function', () => {
  test('is API Gateway, for the method by its path in the template', async () => {
    const gateway = await startTestGateway({ methods: [{ route: 'GET /things/{id}' }, { route: 'GET /' }] });
    await gateway.get('/things/7');
    await gateway.get('/');
    expect(gateway.callers.service).toEqual([gatewayFor(`${API}/dev/GET/things/{id}`), gatewayFor(`${API}/dev/GET/`)]);
  });

  test("has the caller's method where the route is for ANY", async () => {
    const gateway = await startTestGateway({ methods: [{ route: 'ANY /{proxy+}' }] });
    await gateway.get('/a/b', { method: 'PATCH' });
    expect(gateway.callers.service).toEqual([gatewayFor(`${API}/dev/PATCH/{proxy+}`)]);
  });

  test('of an authorizer is API Gateway for that authorizer', async () => {
    const gateway = await startTestGateway(
      { methods: [{ route: 'GET /things', authorizer: 'jwt' }], authorizers: { jwt: {} } },
      { authorizer: () => allowing('*') },
    );
    await gateway.get('/things', { headers: { authorization: 'a' } });
    expect(gateway.callers.authorizer).toEqual([gatewayFor(`${API}/authorizers/jwt`)]);
  });

  test('is the role that the integration or the authorizer names', async () => {
    const integration = {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: invocationUri('service'),
      Credentials: ROLE,
    };
    const gateway = await startTestGateway(
      {
        methods: [{ route: 'GET /things', authorizer: 'jwt', integration }],
        authorizers: { jwt: { AuthorizerCredentials: ROLE } },
      },
      { authorizer: () => allowing('*') },
    );
    await gateway.get('/things', { headers: { authorization: 'a' } });
    expect([gateway.callers.service, gateway.callers.authorizer]).toEqual([[asRole], [asRole]]);
  });

  test('who may not invoke makes a 500 of the request, with the reason in the access entry', async () => {
    const denied = failed('denied', 'AccessDeniedException', 'no resource policy allows it');
    const gateway = await startTestGateway({ methods: [{ route: 'GET /things' }] }, { service: () => denied });
    const answer = await gateway.get('/things');
    expect([answer.status, answer.json]).toEqual([500, { message: 'Internal server error' }]);
    expect(gateway.access[0]?.refusal?.reason).toMatch(/may not be invoked: .*no resource policy allows it$/);
  });

  test('who may not invoke the authorizer makes it an AUTHORIZER_CONFIGURATION_ERROR', async () => {
    const gateway = await startTestGateway(
      { methods: [{ route: 'GET /things', authorizer: 'jwt' }], authorizers: { jwt: {} } },
      { authorizer: () => failed('denied', 'AccessDeniedException', 'no') },
    );
    const answer = await gateway.get('/things', { headers: { authorization: 'a' } });
    expect([answer.status, answer.json]).toEqual([500, { message: null }]);
    expect(gateway.access[0]?.refusal).toEqual({
      responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
      reason: 'authorizer jwt denied: AccessDeniedException: no',
    });
  });
});
