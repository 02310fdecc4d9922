import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { parseFunctionName } from './function-name.ts';

export const LATEST = '$LATEST';

/** Which version a qualifier of a function stands for; `undefined` where the function has no such version or alias. */
export type VersionOf = (functionName: string, qualifier: string | undefined) => string | undefined;

/** Reads the versions and aliases of an assembly. All versions of a function here run the one code that the assembly has. */
export function versionsOf(resources: readonly ResolvedResource[]): VersionOf {
  const byName = new Map<string, Map<string, string>>();
  for (const { type, physicalId, properties } of resources) {
    if (type !== 'AWS::Lambda::Version' && type !== 'AWS::Lambda::Alias') continue;
    const { name, qualifier = LATEST } = parseFunctionName(physicalId);
    const own = byName.get(name) ?? new Map<string, string>();
    own.set(qualifier, type === 'AWS::Lambda::Alias' ? String(properties.FunctionVersion ?? LATEST) : qualifier);
    byName.set(name, own);
  }
  return (functionName, qualifier) =>
    qualifier === undefined || qualifier === LATEST ? LATEST : byName.get(functionName)?.get(qualifier);
}
