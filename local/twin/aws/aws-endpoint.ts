import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { type LoopbackServer, serveOnLoopback } from '../serve-on-loopback.ts';
import { AwsError } from './aws-error.ts';
import { type AwsCall, type ServiceHandler, sendError } from './json-service.ts';

/** `X-Amz-Target` starts with the name of the API; these are the services that it names. */
const SERVICE_OF_TARGET: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  DynamoDBStreams_20120810: 'dynamodbstreams',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Kinesis_20131202: 'kinesis',
  TrentService: 'kms',
  secretsmanager: 'secretsmanager',
};

/**
 * Listens on 127.0.0.1 and routes each call to its service by `X-Amz-Target`, or else by the scope of its SigV4
 * credential. A service or operation that is not there is an error in AWS's form that names it.
 */
export async function startAwsEndpoint(services: Readonly<Record<string, ServiceHandler>>): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    const call = callOf(request);
    const handle = Object.hasOwn(services, call.service) ? services[call.service] : undefined;
    if (handle) return handle(request, response, call);
    response.setHeader('x-amzn-requestid', randomUUID());
    request.resume();
    const known = Object.keys(services).join(', ');
    const message = `the twin does not know the service '${call.service}' (operation ${call.operation}); it knows ${known}`;
    return sendError(response, new AwsError('UnknownOperationException', message));
  });
  // Clients keep connections open between calls; Node's default of 5 s makes them meet a closing server.
  server.keepAliveTimeout = 60_000;
  return serveOnLoopback(server);
}

/** Who calls what, from the request's headers alone. */
function callOf(request: IncomingMessage): AwsCall {
  const credential = /Credential=([^/,\s]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(
    request.headers.authorization ?? '',
  );
  const target = String(request.headers['x-amz-target'] ?? '');
  const dot = target.indexOf('.');
  const scope = credential?.[2] ?? 'unknown';
  const service = dot < 0 ? scope : (SERVICE_OF_TARGET[target.slice(0, dot)] ?? scope);
  const operation = dot < 0 ? `${request.method} ${request.url}` : target.slice(dot + 1);
  return { service, operation, accessKeyId: credential?.[1] };
}
