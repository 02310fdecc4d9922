import type { CallAws } from '../../aws/dispatcher.ts';
import type { Invoke, InvokeAsync } from '../../functions/invoke.ts';
import { requestMapping } from '../mapping/request-mapping.ts';
import { responseMapping } from '../mapping/response-mapping.ts';
import type { IsBinary } from '../request/media-types.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import { awsService } from './aws-service/aws-service.ts';
import { callerOf, type MethodIdentity } from './caller.ts';
import { functionArnOf } from './function-arn.ts';
import { httpIntegration, httpProxy } from './http.ts';
import type { Integration } from './integration.ts';
import { lambdaCustom } from './lambda-custom.ts';
import { lambdaProxy } from './lambda-proxy.ts';
import { mockIntegration } from './mock.ts';
import { INTEGRATION_TIMEOUT_MS } from './within-deadline.ts';

export interface IntegrationOptions {
  readonly invoke: Invoke;
  /** Without it, an event for a function that nobody waits for is an invocation whose end is ignored. */
  readonly invokeAsync: InvokeAsync | undefined;
  /** Without it, integrations with AWS services are refused. */
  readonly callAws: CallAws | undefined;
  readonly nowMs: () => number;
  readonly isBinary: IsBinary;
  readonly stageVariables: Readonly<Record<string, string>> | null;
}

/** AWS refuses less; more than 29 s needs a raised quota, which the twin takes for granted. */
const TIMEOUT_MIN_MS = 50;
const LAMBDA_URI = /:lambda:path\//;

/** Makes the integration of a method, or fails with a sentence about what it cannot do. */
export function createIntegration(
  method: Properties,
  identity: MethodIdentity,
  options: IntegrationOptions,
): Integration {
  const properties = method.child('Integration');
  if (properties === undefined) throw new GatewayTemplateError(method.resource, 'the method has no Integration');
  const { invoke, invokeAsync, callAws, nowMs, isBinary, stageVariables } = options;
  const type = properties.text('Type');
  const shared = { nowMs, stageVariables, timeoutMs: timeoutOf(properties) };
  const mapped = () => ({
    mapRequest: requestMapping(properties, isBinary),
    mapResponse: responseMapping(properties),
  });
  switch (type) {
    case 'AWS_PROXY': {
      const functionArn = functionArnOf(properties, 'Uri', stageVariables);
      return lambdaProxy({ ...shared, functionArn, isBinary, invoke, callerOf: callerOf(properties, identity) });
    }
    case 'AWS': {
      const parts = { ...shared, ...mapped(), callerOf: callerOf(properties, identity) };
      if (!LAMBDA_URI.test(properties.text('Uri'))) return awsService(properties, { ...parts, callAws });
      const functionArn = functionArnOf(properties, 'Uri', stageVariables);
      return lambdaCustom({ ...parts, functionArn, invoke, invokeAsync });
    }
    case 'HTTP':
      return httpIntegration(properties, { ...shared, ...mapped(), isBinary });
    case 'HTTP_PROXY':
      return httpProxy(properties, shared);
    case 'MOCK': {
      const { mapRequest, mapResponse } = mapped();
      return mockIntegration(mapRequest, mapResponse);
    }
    default:
      return properties.fail('Type', 'AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK');
  }
}

function timeoutOf(properties: Properties): number {
  const timeoutMs = properties.optionalNumber('TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs < TIMEOUT_MIN_MS) {
    properties.fail('TimeoutInMillis', `a whole number of milliseconds of at least ${TIMEOUT_MIN_MS}`);
  }
  return timeoutMs;
}
