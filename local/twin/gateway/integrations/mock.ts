import { type ParameterSource, parameterSource } from '../answer/parameter-source.ts';
import { refuse } from '../answer/refusal.ts';
import { compileTemplate, type Render } from '../answer/template.ts';
import { mediaType } from '../request/media-types.ts';
import { GatewayTemplateError } from '../template/gateway-template-error.ts';
import type { Properties } from '../template/properties.ts';
import type { Integration } from './integration.ts';

interface MockResponse {
  /** Which statuses of the mock it is for; the one without is for all others. */
  readonly pattern: RegExp | undefined;
  readonly status: number;
  readonly headers: readonly (readonly [string, ParameterSource])[];
  readonly contentType: string;
  readonly body: Render;
}

const HEADER_PREFIX = 'method.response.header.';
/**
 * The request template of a mock says the status that the integration responses choose by: `{"statusCode": 200}`, often
 * without quotes. The status of the answer is that of the chosen response.
 */
const STATUS_CODE = /^\s*\{\s*["']?statusCode["']?\s*:\s*(\d{3})\s*,?\s*\}\s*$/;

/** MOCK: the answer stands in the template, as for CORS preflights. Its templates may use variables, but no VTL. */
export function mockIntegration(properties: Properties): Integration {
  const statuses = new Map(
    [...properties.textMap('RequestTemplates')].map(([type, template]) => [type, statusOf(template, properties)]),
  );
  const responses = properties.children('IntegrationResponses').map(compileResponse);
  const [onlyStatus] = statuses.values();
  return {
    type: 'MOCK',
    target: undefined,
    call(exchange) {
      const type = mediaType(exchange.request.headers.byLowerName.get('content-type')) ?? 'application/json';
      const status = statuses.get(type) ?? onlyStatus;
      const response =
        responses.find(({ pattern }) => pattern?.test(String(status))) ??
        responses.find(({ pattern }) => pattern === undefined);
      if (response === undefined) {
        return Promise.resolve(refuse('API_CONFIGURATION_ERROR', `the mock has no response for status ${status}`));
      }
      if (status !== undefined) exchange.integrationStatus = status;
      const headers: [string, string][] = [['Content-Type', response.contentType]];
      for (const [name, read] of response.headers) {
        const value = read(exchange);
        if (value !== undefined) headers.push([name, value]);
      }
      return Promise.resolve({ kind: 'reply', status: response.status, headers, body: response.body(exchange) });
    },
  };
}

function statusOf(template: string, properties: Properties): number {
  const status = STATUS_CODE.exec(template)?.[1];
  if (status !== undefined) return Number(status);
  throw new GatewayTemplateError(
    properties.resource,
    `the request template of a MOCK must be {"statusCode": …} without VTL, got ${JSON.stringify(template)}`,
  );
}

function compileResponse(properties: Properties): MockResponse {
  const headers = [...properties.textMap('ResponseParameters')].map(([key, expression]) => {
    const source = parameterSource(expression);
    if (!key.startsWith(HEADER_PREFIX) || source === undefined) {
      properties.fail('ResponseParameters', "method.response.header names with 'literals' or request parameters");
    }
    return [key.slice(HEADER_PREFIX.length), source] as const;
  });
  const [template = ['application/json', '']] = properties.textMap('ResponseTemplates');
  const [contentType, text] = template;
  if (/#|\$(?!context\.|stageVariables\.)/.test(text)) {
    throw new GatewayTemplateError(
      properties.resource,
      `the response template of a MOCK must not need VTL, got ${JSON.stringify(text)}`,
    );
  }
  return {
    pattern: selectionPattern(properties),
    status: Number(properties.text('StatusCode')),
    headers,
    contentType,
    body: compileTemplate(text, { missing: '', json: contentType.includes('json') }),
  };
}

/** A pattern has to match the whole status: `2\d{2}`. */
function selectionPattern(properties: Properties): RegExp | undefined {
  const text = properties.optionalText('SelectionPattern');
  if (text === undefined || text === '') return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return properties.fail('SelectionPattern', 'a regular expression');
  }
}
