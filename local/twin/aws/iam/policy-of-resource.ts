import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { type Policy, type PolicyOptions, parsePolicy } from './model/policy.ts';

/**
 * Reads a policy document of a template.
 *
 * @throws TwinError that names the resource, the property and what is wrong in it: AWS would refuse the deployment.
 */
export function policyOfResource(
  { type, logicalId, path, stackName }: ResolvedResource,
  property: string,
  document: unknown,
  options: PolicyOptions = {},
): Policy {
  try {
    // Some types take the document as JSON in a text.
    return parsePolicy(typeof document === 'string' ? JSON.parse(document) : document, options);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new TwinError(
      'malformed-policy',
      `${type} '${logicalId}' (${path}) of stack '${stackName}': ${property} is no policy: ${error.message}`,
      { cause: error },
    );
  }
}

/** A property that is a list of texts; a text alone is a list of one. */
export function textList(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
