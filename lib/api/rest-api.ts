import { Lazy, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  type CfnRestApi,
  type CfnStage,
  EndpointAccessMode,
  EndpointType,
  LogGroupLogDestination,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { accessLogFormat } from './access-log.ts';
import { methodSettings } from './method-settings.ts';
import type { Route } from './route.ts';
import { StageLogging } from './stage-logging.ts';
import type { Throttle } from './throttle.ts';

/** What can be set of the REST API itself. */
export interface RestApiOptions {
  /** Stage, and first part of every path: letters, digits, hyphens and underscores. */
  readonly stageName: string;
  /** What all callers together may do on each route that has no throttle of its own. */
  readonly throttle: Throttle;
  /**
   * Whether the stack sets the role by which API Gateway writes logs. There is one per account and Region, which stays
   * behind when the stack goes; switch this off where another stack sets it.
   * @default true
   */
  readonly setAccountLogRole?: boolean;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** What becomes of logs when the stack goes. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A Regional REST API with one stage, which logs every request and takes API keys from its authorizer.
 * @param routes read when the template is written, as they are added later
 */
export function createRestApi(scope: Construct, props: RestApiOptions, routes: () => readonly Route[]): RestApi {
  const logging = new StageLogging(scope, 'Logs', {
    ...(props.logRetention !== undefined && { retention: props.logRetention }),
    ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
  });
  const restApi = new RestApi(scope, 'RestApi', {
    restApiName: `${Stack.of(scope).stackName}-${scope.node.id}`,
    endpointTypes: [EndpointType.REGIONAL],
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    cloudWatchRole: props.setAccountLogRole ?? true,
    deployOptions: {
      stageName: props.stageName,
      tracingEnabled: true,
      accessLogDestination: new LogGroupLogDestination(logging.accessLog),
      accessLogFormat: accessLogFormat(),
    },
  });
  // The URL once more, with a slash at the end; whoever wants it as an output has `url`.
  restApi.node.tryRemoveChild('Endpoint');
  const resource = restApi.node.defaultChild as CfnRestApi;
  resource.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  resource.endpointAccessMode = EndpointAccessMode.STRICT;
  const stage = restApi.deploymentStage;
  stage.node.addDependency(logging.addExecutionLog(restApi.restApiId, props.stageName));
  (stage.node.defaultChild as CfnStage).methodSettings = Lazy.any({
    produce: () => methodSettings(props.throttle, routes()),
  });
  return restApi;
}
