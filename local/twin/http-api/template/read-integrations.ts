import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';
import type { HttpApiOptions } from '../http-api-options.ts';
import type { HttpIntegration } from '../http-route.ts';
import { httpProxy } from '../integrations/http-proxy.ts';
import { lambdaIntegration } from '../integrations/lambda-integration.ts';
import { requestMapping } from '../integrations/request-mapping.ts';
import { withResponseMapping } from '../integrations/response-mapping.ts';
import { serviceIntegration } from '../integrations/service-integration.ts';
import { functionOf, StagedText } from './function-uri.ts';

/** HTTP APIs give an integration 30 seconds; not raisable. */
const INTEGRATION_TIMEOUT_MS = 30_000;
const TIMEOUT_MIN_MS = 50;

/** Integrations of an HTTP API by what `Ref` of them yields. */
export function readIntegrations(
  resources: readonly ResolvedResource[],
  options: HttpApiOptions,
): ReadonlyMap<string, HttpIntegration> {
  return new Map(
    resources.map((resource) => {
      const properties = new Properties(resource);
      return [resource.physicalId, withResponseMapping(readIntegration(properties, options), properties)];
    }),
  );
}

function readIntegration(properties: Properties, options: HttpApiOptions): HttpIntegration {
  const { invoke, callAws, nowMs, localize = (url) => url } = options;
  const timeoutMs = readTimeout(properties, INTEGRATION_TIMEOUT_MS);
  const type = properties.text('IntegrationType');
  if ((properties.optionalText('ConnectionType') ?? 'INTERNET') !== 'INTERNET') {
    properties.fail('ConnectionType', 'INTERNET, since there is no VPC to link to');
  }
  if (type === 'AWS_PROXY' && properties.optionalText('IntegrationSubtype') !== undefined) {
    return serviceIntegration(properties, { callAws, nowMs, timeoutMs });
  }
  if (type === 'AWS_PROXY') {
    const target = functionOf(properties, 'IntegrationUri');
    return lambdaIntegration({
      functionArnOf: ({ stage }) => target.on(stage.variables),
      functionArn: target.text,
      roleArn: properties.optionalText('CredentialsArn'),
      payloadFormat: readPayloadFormat(properties, 'PayloadFormatVersion'),
      timeoutMs,
      mapRequest: requestMapping(properties),
      invoke,
      nowMs,
    });
  }
  if (type === 'HTTP_PROXY') {
    const uri = new StagedText(properties.text('IntegrationUri'));
    return httpProxy({
      // Asked for each request: an API of this twin may start after this one.
      uriOf: ({ stage }) => localize(uri.on(stage.variables)),
      method: properties.optionalText('IntegrationMethod') ?? 'ANY',
      timeoutMs,
      mapRequest: requestMapping(properties),
      nowMs,
    });
  }
  throw new GatewayTemplateError(
    properties.resource,
    `HTTP APIs have integrations of type AWS_PROXY and HTTP_PROXY, not ${type}`,
  );
}

/** CloudFormation asks for the version where a function is called. */
export function readPayloadFormat(properties: Properties, name: string): '1.0' | '2.0' {
  const version = properties.optionalText(name) ?? '1.0';
  return version === '1.0' || version === '2.0' ? version : properties.fail(name, '1.0 or 2.0');
}

/** `TimeoutInMillis`, or what is the most for this kind of API. @throws GatewayTemplateError where it is out of bounds */
export function readTimeout(properties: Properties, maxMs: number): number {
  const timeoutMs = properties.optionalNumber('TimeoutInMillis') ?? maxMs;
  if (!Number.isInteger(timeoutMs) || timeoutMs < TIMEOUT_MIN_MS || timeoutMs > maxMs) {
    properties.fail('TimeoutInMillis', `a whole number of milliseconds from ${TIMEOUT_MIN_MS} to ${maxMs}`);
  }
  return timeoutMs;
}
