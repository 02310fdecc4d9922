import { jsonProtocol } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';
import { restJsonProtocol } from './rest-json-protocol.ts';
import type { WireRequest } from './wire-request.ts';

/** `X-Amz-Target` starts with the name of the API; these are the services that it names. */
const SERVICE_OF_TARGET: Readonly<Record<string, string>> = {
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  DynamoDBStreams_20120810: 'dynamodbstreams',
  DynamoDB_20120810: 'dynamodb',
  Firehose_20150804: 'firehose',
  GraniteServiceVersion20100801: 'cloudwatch',
  Kinesis_20131202: 'kinesis',
  TrentService: 'kms',
  secretsmanager: 'secretsmanager',
};

/** Services without `X-Amz-Target` are known by the scope of the signature. */
const PROTOCOL_OF_SERVICE: Readonly<Record<string, Protocol>> = {
  apigateway: restJsonProtocol([
    { operation: 'CreateApiKey', method: 'POST', path: '/apikeys', statusCode: 201 },
    { operation: 'GetApiKeys', method: 'GET', path: '/apikeys' },
    { operation: 'GetApiKey', method: 'GET', path: '/apikeys/{apiKey}' },
    { operation: 'UpdateApiKey', method: 'PATCH', path: '/apikeys/{apiKey}' },
    { operation: 'DeleteApiKey', method: 'DELETE', path: '/apikeys/{apiKey}', statusCode: 202 },
    { operation: 'GetUsagePlans', method: 'GET', path: '/usageplans' },
    { operation: 'GetUsagePlan', method: 'GET', path: '/usageplans/{usageplanId}' },
    { operation: 'CreateUsagePlanKey', method: 'POST', path: '/usageplans/{usageplanId}/keys', statusCode: 201 },
    { operation: 'GetUsagePlanKeys', method: 'GET', path: '/usageplans/{usageplanId}/keys' },
    { operation: 'GetUsagePlanKey', method: 'GET', path: '/usageplans/{usageplanId}/keys/{keyId}' },
    {
      operation: 'DeleteUsagePlanKey',
      method: 'DELETE',
      path: '/usageplans/{usageplanId}/keys/{keyId}',
      statusCode: 202,
    },
  ]),
  'execute-api': restJsonProtocol([
    // The twin puts an API's id and its stage in front, so that IAM and the service can tell whose connection is meant.
    {
      operation: 'PostToConnection',
      method: 'POST',
      path: '/{ApiId}/{Stage}/@connections/{ConnectionId}',
      payloadMember: 'Data',
    },
    { operation: 'GetConnection', method: 'GET', path: '/{ApiId}/{Stage}/@connections/{ConnectionId}' },
    {
      operation: 'DeleteConnection',
      method: 'DELETE',
      path: '/{ApiId}/{Stage}/@connections/{ConnectionId}',
      statusCode: 204,
    },
    { operation: 'PostToConnection', method: 'POST', path: '/@connections/{ConnectionId}', payloadMember: 'Data' },
    { operation: 'GetConnection', method: 'GET', path: '/@connections/{ConnectionId}' },
    { operation: 'DeleteConnection', method: 'DELETE', path: '/@connections/{ConnectionId}', statusCode: 204 },
  ]),
  lambda: restJsonProtocol([
    {
      operation: 'Invoke',
      method: 'POST',
      path: '/2015-03-31/functions/{FunctionName}/invocations',
      payloadMember: 'Payload',
      headers: {
        'x-amz-client-context': 'ClientContext',
        'x-amz-invocation-type': 'InvocationType',
        'x-amz-log-type': 'LogType',
        'x-amzn-trace-id': 'TraceId',
      },
    },
    { operation: 'ListFunctions', method: 'GET', path: '/2015-03-31/functions' },
    { operation: 'GetFunction', method: 'GET', path: '/2015-03-31/functions/{FunctionName}' },
    {
      operation: 'GetFunctionConfiguration',
      method: 'GET',
      path: '/2015-03-31/functions/{FunctionName}/configuration',
    },
  ]),
  sns: queryProtocol,
  sts: queryProtocol,
};

/** Which service a request is for, and how to read it. */
export function protocolOf(
  request: WireRequest,
  credentialScope: string,
): { readonly service: string; readonly protocol: Protocol } {
  const target = String(request.headers['x-amz-target'] ?? '');
  const dot = target.indexOf('.');
  if (dot >= 0) return { service: SERVICE_OF_TARGET[target.slice(0, dot)] ?? credentialScope, protocol: jsonProtocol };
  const service = isUnsignedSts(request) ? 'sts' : credentialScope;
  const protocol = Object.hasOwn(PROTOCOL_OF_SERVICE, service) ? PROTOCOL_OF_SERVICE[service] : undefined;
  return { service, protocol: protocol ?? jsonProtocol };
}

/** AssumeRoleWithWebIdentity is for those who have no keys yet, so nothing signs it: the form's version tells the service. */
function isUnsignedSts({ headers, body }: WireRequest): boolean {
  if (headers.authorization !== undefined) return false;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm && /(?:^|&)Version=2011-06-15(?:&|$)/.test(body.toString());
}
