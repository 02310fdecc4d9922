import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';

/** The one resource of a type whose construct path contains `part`. */
export function resourceAt(resources: readonly ResolvedResource[], type: string, part: string): ResolvedResource {
  const found = resources.filter((each) => each.type === type && each.path.includes(part));
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} resources are ${type} ${part}`);
  return found[0];
}
