import type { Invoke } from '../../functions/invoke.ts';
import type { IsBinary } from '../request/media-types.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import { functionArnOf } from './function-arn.ts';
import type { Integration } from './integration.ts';
import { lambdaProxy } from './lambda-proxy.ts';
import { mockIntegration } from './mock.ts';
import { INTEGRATION_TIMEOUT_MS } from './within-deadline.ts';

export interface IntegrationOptions {
  readonly invoke: Invoke;
  readonly nowMs: () => number;
  readonly isBinary: IsBinary;
  readonly stageVariables: Readonly<Record<string, string>> | null;
}

/** AWS refuses less; more than 29 s needs a raised quota, which the twin takes for granted. */
const TIMEOUT_MIN_MS = 50;

/** Makes the integration of a method, or fails with a sentence about what it cannot do. */
export function createIntegration(method: Properties, options: IntegrationOptions): Integration {
  const properties = method.child('Integration');
  if (properties === undefined) throw new GatewayTemplateError(method.resource, 'the method has no Integration');
  const type = properties.text('Type');
  switch (type) {
    case 'AWS_PROXY':
      return lambdaProxy({
        functionArn: functionArnOf(properties, 'Uri', options.stageVariables),
        timeoutMs: timeoutOf(properties),
        isBinary: options.isBinary,
        invoke: options.invoke,
        nowMs: options.nowMs,
      });
    case 'MOCK':
      return mockIntegration(properties);
    default:
      throw new GatewayTemplateError(
        method.resource,
        `the twin serves integrations of type AWS_PROXY (Lambda) and MOCK, not ${type}`,
      );
  }
}

function timeoutOf(properties: Properties): number {
  const timeoutMs = properties.optionalNumber('TimeoutInMillis') ?? INTEGRATION_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs < TIMEOUT_MIN_MS) {
    properties.fail('TimeoutInMillis', `a whole number of milliseconds of at least ${TIMEOUT_MIN_MS}`);
  }
  return timeoutMs;
}
