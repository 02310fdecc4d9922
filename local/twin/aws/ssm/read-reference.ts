import type { ParameterReference } from '../../assembly/dynamic-reference.ts';
import { AwsError } from '../aws-error.ts';
import type { ParameterStore } from './parameter-store.ts';

/**
 * The value of a dynamic reference of a template. As in CloudFormation, `ssm` takes no SecureString and `ssm-secure` nothing else.
 *
 * @throws AwsError where the parameter or its version is not there, or is of the other kind.
 */
export function readReference(store: ParameterStore, { name, version, isSecure }: ParameterReference): string {
  const { parameter, version: selected } = store.select(version === undefined ? name : `${name}:${version}`);
  if ((parameter.type === 'SecureString') !== isSecure) {
    const wanted = isSecure ? 'ssm' : 'ssm-secure';
    throw new AwsError('ValidationException', `parameter ${name} is a ${parameter.type}; use {{resolve:${wanted}:…}}`);
  }
  return selected.value;
}
