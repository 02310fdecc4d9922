// A CDK app with the handlers of bench/peers/serverless-offline/service, for the twin.
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { IdentitySource, LambdaIntegration, RequestAuthorizer, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as NodeFunction, Runtime } from 'aws-cdk-lib/aws-lambda';

const stack = new Stack(new App(), 'Hello');
const code = Code.fromAsset(join(import.meta.dirname, 'serverless-offline/service'));
const handler = (name: string): NodeFunction =>
  new NodeFunction(stack, name, { runtime: Runtime.NODEJS_24_X, handler: `handlers.${name}`, code });
const authorizer = new RequestAuthorizer(stack, 'RequestAuthorizer', {
  handler: handler('authorizer'),
  identitySources: [IdentitySource.header('Authorization')],
  resultsCacheTtl: Duration.seconds(300),
});
const api = new RestApi(stack, 'Api');
api.root.addResource('hello').addMethod('GET', new LambdaIntegration(handler('hello')), { authorizer });
App.of(stack)?.synth();
