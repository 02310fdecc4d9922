import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import type { CodeSource, CodeStore } from './function-code.ts';
import { codeSource } from './function-code.ts';
import type { FunctionSpec } from './function-spec.ts';

/** The layer versions of an assembly by ARN. @throws TwinError where the content of one is not in the assembly. */
export function layersOf(resources: readonly ResolvedResource[]): ReadonlyMap<string, CodeSource> {
  const layers = new Map<string, CodeSource>();
  for (const resource of resources) {
    if (resource.type !== 'AWS::Lambda::LayerVersion') continue;
    const subject = `layer '${resource.logicalId}' (${resource.path}) of stack '${resource.stackName}'`;
    layers.set(resource.physicalId, codeSource(resource, subject));
  }
  return layers;
}

/**
 * Directories of a function's layers, first to last. Modules are found in them; `/opt` itself is not there, so files of a
 * layer that are read by their path in AWS, and extensions, are missing here.
 */
export function layerRootsOf(
  { layerArns }: FunctionSpec,
  layers: ReadonlyMap<string, CodeSource>,
  store: CodeStore,
): readonly string[] {
  return layerArns.flatMap((layerArn) => {
    const source = layers.get(layerArn);
    return source ? [store.directoryOf(source)] : [];
  });
}

/** A sentence about each layer that is not in the assembly, such as AWS's own extensions: functions run without it. */
export function missingLayers(
  specs: readonly FunctionSpec[],
  layers: ReadonlyMap<string, CodeSource>,
): readonly string[] {
  return specs.flatMap(({ label, layerArns }) =>
    layerArns
      .filter((layerArn) => !layers.has(layerArn))
      .map((layerArn) => `${label}: layer ${layerArn} is not in the assembly; what it holds is missing here`),
  );
}
