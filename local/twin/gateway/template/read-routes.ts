import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { MethodIdentity } from '../integrations/caller.ts';
import { createIntegration, type IntegrationOptions } from '../integrations/create-integration.ts';
import type { Authorizer, Route } from '../route.ts';
import type { BodyModel } from '../validation/models.ts';
import { requestChecks } from '../validation/request-checks.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import type { StageThrottle } from './method-settings.ts';
import { Properties } from './properties.ts';

export interface RouteParts extends IntegrationOptions {
  readonly identity: Omit<MethodIdentity, 'method' | 'path'>;
  /** Paths, authorizers and validators by what `Ref` of them yields. */
  readonly paths: ReadonlyMap<string, string>;
  readonly authorizers: ReadonlyMap<string, Authorizer>;
  readonly validators: ReadonlyMap<string, Properties>;
  readonly models: ReadonlyMap<string, BodyModel>;
  readonly throttleOf: StageThrottle;
}

const METHODS = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** Every AWS::ApiGateway::Method as a route. */
export function readRoutes(methods: readonly ResolvedResource[], parts: RouteParts): readonly Route[] {
  return methods.map((resource) => readRoute(new Properties(resource), parts));
}

function readRoute(properties: Properties, parts: RouteParts): Route {
  const method = properties.text('HttpMethod').toUpperCase();
  if (!METHODS.has(method)) properties.fail('HttpMethod', `one of ${[...METHODS].join(', ')}`);
  const resourceId = properties.text('ResourceId');
  // The root is an attribute of the API, and no resource of its own.
  const path = parts.paths.get(resourceId) ?? '/';
  return {
    logicalId: properties.resource.logicalId,
    key: `${method} ${path}`,
    method,
    path,
    resourceId,
    operationName: properties.optionalText('OperationName'),
    authorizer: authorizerOf(properties, parts.authorizers),
    apiKeyRequired: properties.flag('ApiKeyRequired'),
    throttle: parts.throttleOf(method, path),
    checks: requestChecks(properties, parts.validators, parts.models),
    integration: createIntegration(properties, { ...parts.identity, method, path }, parts),
  };
}

function authorizerOf(properties: Properties, authorizers: ReadonlyMap<string, Authorizer>): Authorizer | undefined {
  const type = properties.optionalText('AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return undefined;
  if (type !== 'CUSTOM') {
    throw new GatewayTemplateError(properties.resource, `the twin runs AuthorizationType NONE and CUSTOM, not ${type}`);
  }
  const authorizer = authorizers.get(properties.text('AuthorizerId'));
  if (authorizer !== undefined) return authorizer;
  throw new GatewayTemplateError(
    properties.resource,
    `AuthorizerId names no authorizer of this API, got ${properties.text('AuthorizerId')}`,
  );
}
