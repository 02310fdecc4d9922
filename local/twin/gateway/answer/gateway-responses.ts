import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Exchange } from '../exchange.ts';
import { acceptedKey } from '../request/media-types.ts';
import { Properties } from '../template/properties.ts';
import { compileTemplate, type Render } from './context-template.ts';
import { type GatewayResponseType, isGatewayResponseType } from './gateway-response-types.ts';
import { type ParameterSource, parameterSource } from './parameter-source.ts';
import type { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';

/** Turns a refusal into what the caller gets. */
export type AnswerRefusal = (refusal: Refusal, exchange: Exchange) => Reply;

interface CompiledResponse {
  readonly status: number | undefined;
  readonly headers: readonly (readonly [string, ParameterSource])[];
  /** By media type, in the template's order. */
  readonly bodies: ReadonlyMap<string, Render>;
}

const JSON_TYPE = 'application/json';
const compileBody = (text: string) => compileTemplate(text, { missing: '', json: true });
const AWS_BODY = compileBody('{"message":$context.error.messageString}');
/** AWS spells this one with a capital letter. */
const AWS_ACCESS_DENIED_BODY = compileBody('{"Message":$context.error.messageString}');
const HEADER_PREFIX = 'gatewayresponse.header.';

/**
 * Compiles the template's AWS::ApiGateway::GatewayResponse resources. A type without one of its own goes by DEFAULT_4XX
 * or DEFAULT_5XX, status included; without those, AWS's own answer.
 */
export function gatewayResponses(resources: readonly ResolvedResource[]): AnswerRefusal {
  const compiled = new Map<GatewayResponseType, CompiledResponse>();
  for (const resource of resources) {
    const properties: Properties = new Properties(resource);
    const type = properties.text('ResponseType');
    if (!isGatewayResponseType(type)) properties.fail('ResponseType', 'a gateway response type of API Gateway');
    compiled.set(type, compile(properties));
  }
  return (refusal, exchange) => {
    const fallback = refusal.status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
    const response = compiled.get(refusal.responseType) ?? compiled.get(fallback);
    const status = response?.status ?? refusal.status;
    // Templates may name the status that they are sent with.
    exchange.status = status;
    exchange.refusal = refusal;
    const [type, body] = chooseBody(response, refusal, exchange);
    const headers: [string, string][] = [];
    let typed = false;
    for (const [name, read] of response?.headers ?? []) {
      const value = read(exchange);
      if (value === undefined) continue;
      typed ||= name.toLowerCase() === 'content-type';
      headers.push([name, value]);
    }
    if (!typed) headers.push(['Content-Type', type]);
    headers.push(['x-amzn-ErrorType', refusal.errorType]);
    return { kind: 'reply', status, headers, body: body(exchange) };
  };
}

function chooseBody(
  response: CompiledResponse | undefined,
  refusal: Refusal,
  exchange: Exchange,
): readonly [string, Render] {
  const aws = refusal.responseType === 'ACCESS_DENIED' ? AWS_ACCESS_DENIED_BODY : AWS_BODY;
  const type = response && acceptedKey(response.bodies, exchange.request.headers.byLowerName.get('accept'));
  const body = type === undefined ? undefined : response?.bodies.get(type);
  return type === undefined || body === undefined ? [JSON_TYPE, aws] : [type, body];
}

function compile(properties: Properties): CompiledResponse {
  const status = properties.optionalNumber('StatusCode');
  if (status !== undefined && (!Number.isInteger(status) || status < 100 || status > 599)) {
    properties.fail('StatusCode', 'an HTTP status');
  }
  const headers = [...properties.textMap('ResponseParameters')].map(([key, expression]) => {
    const source = parameterSource(expression);
    if (!key.startsWith(HEADER_PREFIX) || source === undefined) {
      properties.fail('ResponseParameters', "gatewayresponse.header names with 'literals' or request parameters");
    }
    return [key.slice(HEADER_PREFIX.length), source] as const;
  });
  const bodies = [...properties.textMap('ResponseTemplates')].map(
    ([type, text]) => [type, compileTemplate(text, { missing: '', json: type.includes('json') })] as const,
  );
  return { status, headers, bodies: new Map(bodies) };
}
