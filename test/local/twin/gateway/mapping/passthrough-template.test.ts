import { describe, expect, test } from 'vitest';
import { invocationUri } from '../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../support/test-gateway.ts';

/** What the console of API Gateway generates as "method request passthrough", which many APIs have. */
const PASSTHROUGH = `##  See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
##  This template will pass through all parameters including path, querystring, header, stage variables, and context
#set($allParams = $input.params())
{
"body-json" : $input.json('$'),
"params" : {
#foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
"$type" : {
    #foreach($paramName in $params.keySet())
    "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
        #if($foreach.hasNext),#end
    #end
}
    #if($foreach.hasNext),#end
#end
},
"stage-variables" : {
#foreach($key in $stageVariables.keySet())
"$key" : "$util.escapeJavaScript($stageVariables.get($key))"
    #if($foreach.hasNext),#end
#end
},
"context" : {
    "account-id" : "$context.identity.accountId",
    "api-id" : "$context.apiId",
    "api-key" : "$context.identity.apiKey",
    "authorizer-principal-id" : "$context.authorizer.principalId",
    "http-method" : "$context.httpMethod",
    "stage" : "$context.stage",
    "source-ip" : "$context.identity.sourceIp",
    "resource-path" : "$context.resourcePath"
    }
}`;

describe("API Gateway's own passthrough template", () => {
  test('hands everything over', async () => {
    const gateway = await startTestGateway({
      stage: { Variables: { a: '1', b: 'x/y' } },
      methods: [
        {
          route: 'POST /things/{id}',
          integration: {
            ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: invocationUri('service') },
            RequestTemplates: { 'application/json': PASSTHROUGH },
            IntegrationResponses: [{ StatusCode: '200' }],
          },
        },
      ],
    });
    const headers = { 'content-type': 'application/json', 'x-tag': '"blue"' };
    const body = '{"a":{"b":[1,true,null]}}';
    expect((await gateway.get('/things/7?q=1&r=%C3%A9', { method: 'POST', body, headers })).status).toBe(200);
    expect(gateway.calls.service).toEqual([
      {
        'body-json': { a: { b: [1, true, null] } },
        params: {
          path: { id: '7' },
          querystring: { q: '1', r: 'é' },
          header: expect.objectContaining({ 'x-tag': '"blue"', 'content-type': 'application/json' }),
        },
        'stage-variables': { a: '1', b: 'x/y' },
        context: {
          ...{ 'account-id': '', 'api-id': 'a1b2c3d4e5', 'api-key': '', 'authorizer-principal-id': '' },
          ...{ 'http-method': 'POST', stage: 'dev', 'source-ip': '127.0.0.1', 'resource-path': '/things/{id}' },
        },
      },
    ]);
  });
});
