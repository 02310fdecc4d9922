import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from '../../gateway/template/gateway-template-error.ts';
import { Properties } from '../../gateway/template/properties.ts';
import type { HttpAuthorizer, HttpIntegration, HttpRoute } from '../http-route.ts';

export interface RouteParts {
  /** By what `Ref` of them yields. */
  readonly integrations: ReadonlyMap<string, HttpIntegration>;
  readonly authorizers: ReadonlyMap<string, HttpAuthorizer>;
}

/** Every AWS::ApiGatewayV2::Route of an HTTP API. */
export function readRoutes(resources: readonly ResolvedResource[], parts: RouteParts): readonly HttpRoute[] {
  return resources.map((resource) => {
    const properties = new Properties(resource);
    const key = properties.text('RouteKey');
    const space = key.indexOf(' ');
    return {
      logicalId: resource.logicalId,
      key,
      method: space < 0 ? 'ANY' : key.slice(0, space),
      path: key.slice(space + 1),
      authorizer: authorizerOf(properties, parts),
      scopes: properties.texts('AuthorizationScopes'),
      integration: findTarget(properties, parts.integrations),
    };
  });
}

/** What a route's Target, `integrations/<id>`, names. */
export function findTarget<T>(route: Properties, integrations: ReadonlyMap<string, T>): T {
  const target = route.text('Target');
  const integration = integrations.get(target.replace(/^integrations\//, ''));
  return integration ?? route.fail('Target', "'integrations/' and the id of an integration of this API");
}

function authorizerOf(route: Properties, { authorizers }: RouteParts): HttpAuthorizer | undefined {
  const type = route.optionalText('AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return undefined;
  if (type !== 'JWT' && type !== 'CUSTOM') {
    throw new GatewayTemplateError(
      route.resource,
      `the twin runs AuthorizationType NONE, JWT and CUSTOM, not ${type}: it does not check signatures of callers`,
    );
  }
  const authorizer = authorizers.get(route.text('AuthorizerId'));
  if (authorizer === undefined) return route.fail('AuthorizerId', 'the id of an authorizer of this API');
  const expected = authorizer.type === 'JWT' ? 'JWT' : 'CUSTOM';
  return type === expected ? authorizer : route.fail('AuthorizationType', `${expected}, as ${authorizer.name} is`);
}
