import { Problem } from '../../lambdas/contract/problem.ts';
import { idempotencyParameters } from './idempotency.ts';
import { admissionExtension, parkedAnswer } from './openapi-admission.ts';
import { ANSWER_HEADERS, answerHeaders, PROBLEM_RESPONSES, problemStatuses } from './openapi-problems.ts';
import { jsonContent, OpenApiSchemas } from './openapi-schemas.ts';
import { queryParameters } from './request-model.ts';
import { Route } from './route.ts';
import type { ServedRoute } from './route-table.ts';

/** An OpenAPI 3.1 document, as plain JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: Readonly<Record<string, object>>;
}

export interface OpenApiOptions {
  readonly routes: readonly ServedRoute[];
  /** Scope → what it permits. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly stageName: string;
  /** @default 'Spillway' */
  readonly title?: string;
  /** @default '0.1.0' */
  readonly version?: string;
}

const REASONS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content' };
const METHOD_ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The routes as an OpenAPI 3.1 document: paths in alphabetical order, so that the order of declaration leaves no trace. */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  const schemas = new OpenApiSchemas();
  const problem = schemas.response('Problem', Problem);
  const sorted = options.routes.toSorted(
    (a, b) =>
      compare(a.route.path, b.route.path) ||
      METHOD_ORDER.indexOf(a.route.method) - METHOD_ORDER.indexOf(b.route.method),
  );
  const paths: Record<string, Record<string, object>> = {};
  for (const served of sorted) {
    const path = openApiPath(served.route.path);
    paths[path] = { ...paths[path], [served.route.method.toLowerCase()]: operation(served, schemas) };
  }
  const tags = [...new Set(options.routes.map(({ service }) => service))].sort(compare).map((name) => ({ name }));
  return {
    openapi: '3.1.0',
    info: {
      title: options.title ?? 'Spillway',
      version: options.version ?? '0.1.0',
      description:
        'Every refusal is a problem document (RFC 9457). Limits are announced in RateLimit-Policy and RateLimit; ' +
        'after a 429 or 503, Retry-After says when to come back.',
    },
    servers: [
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com/{stage}',
        variables: {
          apiId: { default: 'example', description: 'id of the deployed API' },
          region: { default: 'eu-central-1' },
          stage: { default: options.stageName },
        },
      },
    ],
    tags,
    paths,
    components: {
      schemas: schemas.components(),
      headers: ANSWER_HEADERS,
      responses: Object.fromEntries(PROBLEM_RESPONSES.map((response) => [response.name, response.render(problem)])),
      securitySchemes: { bearer: bearerScheme(options.scopes) },
    },
  };
}

/** `GET /.well-known/jwks.json` → `getWellKnownJwksJson`. */
export function operationId(route: Route): string {
  const words = route.segments.flatMap(({ text }) => text.split(/[^A-Za-z0-9]+/)).filter((word) => word !== '');
  return route.method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function operation({ service, route }: ServedRoute, schemas: OpenApiSchemas): object {
  const parameters = [...pathParameters(route), ...queryParametersOf(route), ...idempotencyParameters(route)];
  return {
    operationId: operationId(route),
    summary: route.summary ?? `${route.method} ${route.path}`,
    tags: [service],
    security: route.scope === undefined ? [] : [{ bearer: [route.scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: jsonContent(schemas.request(`${route}: body`, route.body), { required: true }) }),
    responses: { ...parkedAnswer(route, schemas), ...answers(route, schemas), ...problems(route) },
    'x-spillway': admissionExtension(route),
  };
}

function pathParameters(route: Route): object[] {
  return route.pathParameters.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParametersOf(route: Route): object[] {
  if (route.query === undefined) return [];
  return queryParameters(`${route}: query`, route.query).map(({ name, required, schema }) => ({
    name,
    in: 'query',
    ...(required && { required }),
    schema,
  }));
}

function answers(route: Route, schemas: OpenApiSchemas): Record<string, object> {
  const entries = Object.entries(route.responses).map(([status, schema]) => {
    const response = { description: REASONS[Number(status)] ?? `Status ${status}`, ...answerHeaders(route) };
    if (schema === Route.NO_BODY) return [status, response];
    return [status, jsonContent(schemas.response(`${route}: responses.${status}`, schema), response)];
  });
  return Object.fromEntries(entries);
}

function problems(route: Route): Record<string, object> {
  const own = Object.keys(route.responses);
  return Object.fromEntries(
    problemStatuses(route)
      .filter(({ status }) => !own.includes(String(status)))
      .map(({ status, name }) => [String(status), { $ref: `#/components/responses/${name}` }]),
  );
}

function bearerScheme(scopes: Readonly<Record<string, string>>): object {
  const lines = Object.entries(scopes).map(([scope, permits]) => `- \`${scope}\`: ${permits}`);
  return {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `An access token. Its scopes say what it may be used for:\n${lines.join('\n')}`,
  };
}

/** OpenAPI knows no greedy parameters; `{rest+}` becomes `{rest}`. */
function openApiPath(path: string): string {
  return path.replace('+}', '}');
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
