import { asAwsError } from '../../../aws/aws-error.ts';
import type { CallAws } from '../../../aws/dispatcher.ts';
import { refuse } from '../../answer/refusal.ts';
import type { EndpointRequest, EndpointResponse } from '../../mapping/endpoint.ts';
import type { MapRequest } from '../../mapping/request-mapping.ts';
import type { MapResponse } from '../../mapping/response-mapping.ts';
import { GatewayTemplateError } from '../../template/gateway-template-error.ts';
import type { Properties } from '../../template/properties.ts';
import type { CallerOf } from '../caller.ts';
import type { Integration } from '../integration.ts';
import { withinDeadline } from '../within-deadline.ts';
import type { ServiceProtocol } from './service-protocol.ts';
import { type ServiceUri, serviceUri } from './service-uri.ts';
import { SERVICES } from './services.ts';

export interface AwsServiceOptions {
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly callAws: CallAws | undefined;
  readonly callerOf: CallerOf;
  readonly mapRequest: MapRequest;
  readonly mapResponse: MapResponse;
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

/** AWS to a service other than Lambda: the mapped request becomes a call of the service as the integration's role. */
export function awsService(integration: Properties, options: AwsServiceOptions): Integration {
  const { callAws, callerOf, mapRequest, mapResponse, timeoutMs, nowMs, stageVariables } = options;
  const uri = serviceUri(integration, stageVariables);
  const protocol = protocolOf(integration, uri);
  if (callAws === undefined) {
    throw new GatewayTemplateError(integration.resource, `an integration with ${uri.service} needs the AWS endpoint`);
  }
  const target = `${uri.service}:${uri.kind}/${uri.rest}`;

  return {
    type: 'AWS',
    target,
    async call(exchange) {
      const request = mapRequest(exchange);
      if ('kind' in request) return request;
      const startedAtMs = nowMs();
      const abort = new AbortController();
      const response = await withinDeadline(
        ask(callAws, request, callerOf(exchange), abort.signal, exchange),
        timeoutMs,
      );
      exchange.integrationLatencyMs = nowMs() - startedAtMs;
      if (response === undefined) {
        abort.abort();
        const late = refuse('INTEGRATION_TIMEOUT', `${target} did not answer within ${timeoutMs} ms`);
        exchange.integrationError = late.reason;
        return late;
      }
      exchange.invocationStatus = response.status;
      exchange.integrationStatus = response.status;
      const answer = mapResponse(exchange, response);
      if (answer.kind === 'refusal') exchange.integrationError = answer.reason;
      else if (response.status >= 400) exchange.integrationError ??= `${target}: ${response.body.toString()}`;
      return answer;
    },
  };

  async function ask(
    call: CallAws,
    request: EndpointRequest,
    caller: ReturnType<CallerOf>,
    signal: AbortSignal,
    { requestId }: { readonly requestId: string },
  ): Promise<EndpointResponse> {
    const decoded = protocol.decode(uri, request);
    if (!('operation' in decoded)) return decoded;
    try {
      const output = await call(uri.service, decoded.operation, decoded.input, caller, signal);
      return protocol.encode(decoded.operation, output, request, requestId);
    } catch (error) {
      return protocol.encodeError(asAwsError(error), request, requestId);
    }
  }
}

function protocolOf(integration: Properties, { service }: ServiceUri): ServiceProtocol {
  const protocol = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (protocol !== undefined) return protocol;
  const known = ['lambda', ...Object.keys(SERVICES)].sort().join(', ');
  throw new GatewayTemplateError(integration.resource, `the twin integrates ${known}, not ${service}`);
}
