import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { ParameterType } from './parameter.ts';
import type { ParameterStore } from './parameter-store.ts';

interface ParameterProperties {
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Description?: string;
  readonly Policies?: string;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly Tier?: string;
  readonly Type: ParameterType;
  readonly Value: string;
}

/**
 * Creates the parameters that the templates declare. One that is there keeps its value unless the template says another one
 * than before, as CloudFormation does it: what a program wrote over it stays.
 */
export function provisionParameters(resources: readonly ResolvedResource[], store: ParameterStore): void {
  for (const { type, logicalId, physicalId: name, properties } of resources) {
    if (type !== 'AWS::SSM::Parameter') continue;
    const given = properties as unknown as ParameterProperties;
    const value = Array.isArray(given.Value) ? given.Value.join(',') : String(given.Value);
    const known = store.find(name);
    if (known?.template !== value) {
      try {
        store.put({
          name,
          value,
          type: given.Type,
          tier: given.Tier,
          dataType: given.DataType,
          description: given.Description,
          allowedPattern: given.AllowedPattern,
          policies: given.Policies,
        });
      } catch (cause) {
        throw new TwinError('parameter', `parameter '${logicalId}' (${name}): ${(cause as Error).message}`, { cause });
      }
    }
    const parameter = store.parameter(name);
    parameter.template = value;
    Object.assign(parameter.tags, given.Tags);
    store.changed(parameter);
  }
}
