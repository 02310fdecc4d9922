import { TwinError } from '../twin-error.ts';
import type { ResolvedResource } from './resolved-resource.ts';
import { RESOURCE_TYPES } from './resource-types.ts';

/**
 * Holds a resource that the twin runs against the table of its type.
 *
 * @returns a sentence about each property that is ignored.
 * @throws TwinError where the twin refuses a property, or does not know it.
 */
export function checkSupport({ type, logicalId, stackName, path, properties }: ResolvedResource): readonly string[] {
  const table = RESOURCE_TYPES[type]?.properties ?? {};
  const subject = `${type} '${logicalId}' (${path}) of stack '${stackName}'`;
  return Object.keys(properties).flatMap((name) => {
    const support = Object.hasOwn(table, name) ? table[name] : undefined;
    if (support === undefined) {
      throw new TwinError('unknown-property', `${subject}: the twin does not know the property ${name}`);
    }
    if (support.kind === 'refused') {
      throw new TwinError('refused-property', `${subject}: the twin does not support ${name}: ${support.why}`);
    }
    return support.kind === 'ignored' ? [`${type} '${logicalId}': ${name} is ignored: ${support.why}`] : [];
  });
}
