import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Exchange } from '../exchange.ts';
import { type IsBinary, mediaType } from '../request/media-types.ts';
import type { Properties } from '../template/properties.ts';
import { contentHandlingOf, convertContent } from './content-handling.ts';
import type { EndpointRequest } from './endpoint.ts';
import { renderMapping } from './mapping-variables.ts';
import { printValue } from './print-value.ts';
import { requestParameters } from './request-parameters.ts';
import { compileTemplates } from './templates.ts';
import type { VelocityTemplate } from './velocity-template.ts';

export type MapRequest = (exchange: Exchange) => EndpointRequest | Refusal;

const PASSTHROUGH = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'];
const JSON_TYPE = 'application/json';

/** Compiles everything that makes an integration's request out of the caller's. */
export function requestMapping(integration: Properties, isBinary: IsBinary): MapRequest {
  const templates = compileTemplates(integration, 'RequestTemplates');
  const parameters = requestParameters(integration);
  const handling = contentHandlingOf(integration);
  const passthrough = integration.optionalText('PassthroughBehavior') ?? 'WHEN_NO_MATCH';
  if (!PASSTHROUGH.includes(passthrough)) integration.fail('PassthroughBehavior', `one of ${PASSTHROUGH.join(', ')}`);
  const mayPass = passthrough === 'WHEN_NO_MATCH' || (passthrough === 'WHEN_NO_TEMPLATES' && templates.size === 0);

  return (exchange) => {
    const sent = exchange.request.headers.byLowerName.get('content-type');
    // A request without a type counts as JSON.
    const type = mediaType(sent) ?? JSON_TYPE;
    const template = templates.get(type);
    if (template === undefined && !mayPass) {
      return refuse(
        'UNSUPPORTED_MEDIA_TYPE',
        `no request template is for ${type}, and PassthroughBehavior is ${passthrough}`,
      );
    }
    const raw = isBinary(sent) ? exchange.body : exchange.body.toString();
    const payload = convertContent(raw, handling);
    const request = {
      headers: new Map<string, string>(),
      query: new Map<string, string>(),
      path: new Map<string, string>(),
    };
    for (const { place, name, read } of parameters) {
      const value = read(exchange);
      if (value === undefined) continue;
      if (place === 'header') request.headers.set(name.toLowerCase(), value);
      else request[place === 'path' ? 'path' : 'query'].set(name, value);
    }
    let body: string | Buffer = payload;
    if (template !== undefined) {
      const filled = fillIn(template, exchange, payload, request);
      if (typeof filled !== 'string') return filled;
      body = filled;
    }
    return { ...request, body, contentType: request.headers.get('content-type') ?? (template ? type : (sent ?? type)) };
  };
}

/** Renders the template; parameters that it overrides win over the mapped ones. */
function fillIn(
  template: VelocityTemplate,
  exchange: Exchange,
  payload: string | Buffer,
  request: Record<'headers' | 'query' | 'path', Map<string, string>>,
): string | Refusal {
  if (typeof payload !== 'string' && payload.length > 0) {
    return refuse(
      'API_CONFIGURATION_ERROR',
      'a template cannot map a binary body; set ContentHandling CONVERT_TO_TEXT',
    );
  }
  try {
    const { body, requestOverride } = renderMapping(template, exchange, payload.toString());
    const { header, querystring, path } = requestOverride;
    for (const [name, value] of Object.entries(header)) request.headers.set(name.toLowerCase(), printValue(value));
    for (const [name, value] of Object.entries(querystring)) request.query.set(name, printValue(value));
    for (const [name, value] of Object.entries(path)) request.path.set(name, printValue(value));
    return body;
  } catch (error) {
    return refuse('API_CONFIGURATION_ERROR', `the request template failed: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
