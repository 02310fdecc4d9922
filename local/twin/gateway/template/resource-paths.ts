import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { GatewayTemplateError } from './gateway-template-error.ts';
import { Properties } from './properties.ts';

/** Full path of each API resource by what `Ref` of it yields; the root is whatever parent is no resource itself. */
export function resourcePaths(resources: readonly ResolvedResource[]): ReadonlyMap<string, string> {
  const byId = new Map(resources.map((resource) => [resource.physicalId, new Properties(resource)]));
  const paths = new Map<string, string>();
  for (const properties of byId.values()) pathOf(properties, new Set());
  return paths;

  function pathOf(properties: Properties, seen: Set<string>): string {
    const { physicalId } = properties.resource;
    const known = paths.get(physicalId);
    if (known !== undefined) return known;
    if (seen.has(physicalId)) throw new GatewayTemplateError(properties.resource, 'it is its own ancestor');
    seen.add(physicalId);
    const parent = byId.get(properties.text('ParentId'));
    const path = `${parent === undefined ? '' : pathOf(parent, seen)}/${properties.text('PathPart')}`;
    paths.set(physicalId, path);
    return path;
  }
}
