import { Validations } from 'aws-cdk-lib';
import type { Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Route } from './route.ts';

/** Findings of cdk-nag's AwsSolutions about the API as a whole that are decisions, with their reasons. */
export function acknowledgeApiFindings(restApi: RestApi): void {
  Validations.of(restApi.deploymentStage).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'Callers are throttled by plan and stage, limited one by one in the store, and checked by schema before a function ' +
      'runs. A web ACL costs by the request and belongs in front of a CDN; whoever has one associates it with the stage.',
  });
  Validations.of(restApi).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason:
      "API Gateway tests the account's role for exactly the permissions of this managed policy, and AWS keeps the two in " +
      'step. It may only write logs, and only API Gateway may assume the role.',
  });
}

/** The same about one method. */
export function acknowledgeMethodFindings(method: Method, route: Route): void {
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-COG4',
    reason: route.isPublic
      ? `Public on purpose, as its declaration says with Route.PUBLIC: ${route.method} ${route.path}.`
      : 'Tokens are checked by JwtAuthorizer, which also accepts outside issuers and names the usage plan of the tier; ' +
        'a Cognito authorizer can do neither.',
  });
  if (!route.isPublic) return;
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: `Public on purpose, as its declaration says with Route.PUBLIC: ${route.method} ${route.path}.`,
  });
}
