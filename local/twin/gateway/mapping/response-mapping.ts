import { type Refusal, refuse } from '../answer/refusal.ts';
import type { Reply } from '../answer/reply.ts';
import type { Exchange } from '../exchange.ts';
import { acceptedKey } from '../request/media-types.ts';
import type { Properties } from '../template/properties.ts';
import { type ContentHandling, contentHandlingOf, convertContent } from './content-handling.ts';
import type { EndpointResponse } from './endpoint.ts';
import { renderMapping } from './mapping-variables.ts';
import { printValue } from './print-value.ts';
import { type ResponseParameter, responseParameters } from './response-parameters.ts';
import { compileTemplates } from './templates.ts';
import type { VelocityTemplate } from './velocity-template.ts';

export type MapResponse = (exchange: Exchange, response: EndpointResponse) => Reply | Refusal;

interface CompiledResponse {
  /** Undefined for the default: what no other one is for. */
  readonly pattern: RegExp | undefined;
  readonly status: number;
  readonly handling: ContentHandling;
  readonly parameters: readonly ResponseParameter[];
  readonly templates: ReadonlyMap<string, VelocityTemplate>;
}

/** Compiles IntegrationResponses: which one is chosen, and what it makes of the integration's answer. */
export function responseMapping(integration: Properties): MapResponse {
  const compiled = integration.children('IntegrationResponses').map(compileResponse);
  const fallback = compiled.find(({ pattern }) => pattern === undefined);
  return (exchange, response) => {
    const chosen = compiled.find(({ pattern }) => pattern?.test(response.selectBy)) ?? fallback;
    if (chosen !== undefined) return answer(chosen, exchange, response);
    return refuse(
      'API_CONFIGURATION_ERROR',
      `no IntegrationResponse matches '${response.selectBy}' (status ${response.status}), and none is the default`,
    );
  };
}

function compileResponse(properties: Properties): CompiledResponse {
  const status = Number(properties.text('StatusCode'));
  if (!Number.isInteger(status) || status < 100 || status > 599) properties.fail('StatusCode', 'an HTTP status');
  return {
    pattern: selectionPattern(properties),
    status,
    handling: contentHandlingOf(properties),
    parameters: responseParameters(properties),
    templates: compileTemplates(properties, 'ResponseTemplates'),
  };
}

function answer(chosen: CompiledResponse, exchange: Exchange, response: EndpointResponse): Reply | Refusal {
  const { templates, parameters, handling } = chosen;
  const payload = convertContent(response.body, templates.size > 0 ? 'CONVERT_TO_TEXT' : handling);
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set('Content-Type', 'application/json');
  for (const { name, read } of parameters) {
    const value = read(exchange, response);
    if (value !== undefined) set(name, value);
  }
  let status = chosen.status;
  let body = payload;
  const type = acceptedKey(templates, exchange.request.headers.byLowerName.get('accept'));
  const template = type === undefined ? undefined : templates.get(type);
  if (type !== undefined && template !== undefined) {
    if (!parameters.some(({ name }) => name.toLowerCase() === 'content-type')) set('Content-Type', type);
    try {
      const rendered = renderMapping(template, exchange, payload.toString());
      body = convertContent(rendered.body, handling);
      const { header, status: overridden } = rendered.responseOverride;
      for (const [name, value] of Object.entries(header)) set(name, printValue(value));
      if (overridden !== undefined) status = Number(overridden);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return refuse('API_CONFIGURATION_ERROR', `the response template failed: ${reason}`);
    }
    if (!Number.isInteger(status) || status < 100 || status > 599) {
      return refuse('API_CONFIGURATION_ERROR', `the response template set the status ${status}`);
    }
  }
  return { kind: 'reply', status, headers: [...headers.values()], body };
}

/** A pattern has to match the whole text, as Java's `matches` does: `2\d{2}`, `.*NotFound.*`. */
function selectionPattern(properties: Properties): RegExp | undefined {
  const text = properties.optionalText('SelectionPattern');
  if (text === undefined || text === '') return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return properties.fail('SelectionPattern', 'a regular expression');
  }
}
