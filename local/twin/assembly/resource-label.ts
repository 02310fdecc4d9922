import type { ResolvedResource } from './resolved-resource.ts';

/** Construct path within the stack, without what the CDK adds below a construct: `Api/Feed`. */
export function resourceLabel({ path, stackName }: ResolvedResource): string {
  const within = path.startsWith(`${stackName}/`) ? path.slice(stackName.length + 1) : path;
  return within.replace(/(\/Resource)+$/, '').replace(/\/Function$/, '');
}
