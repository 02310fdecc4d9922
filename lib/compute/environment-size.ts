import type { Stack } from 'aws-cdk-lib';

/** What the pseudo parameters come to in the longest Region's and partition's name. */
const PSEUDO_PARAMETER_BYTES: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::URLSuffix': 16,
};

/**
 * What stands in for a value that only CloudFormation will know. ARNs of the resources that functions refer to come to
 * 70–120 bytes and names to 20–60, so 100 errs on the side of counting too much without refusing what would fit.
 */
export const UNKNOWN_VALUE_BYTES = 100;

/**
 * Bytes that AWS will count for an environment: names and values together, in UTF-8. What is known at synth is counted
 * exactly, also inside of a join; each pseudo parameter at its longest; every other intrinsic as `UNKNOWN_VALUE_BYTES`.
 */
export function environmentBytes(stack: Stack, environment: Readonly<Record<string, string>>): number {
  return Object.entries(environment).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(stack.resolve(value)),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).length;
  const join = intrinsic(value, 'Fn::Join');
  if (Array.isArray(join) && typeof join[0] === 'string' && Array.isArray(join[1])) {
    const separators = Buffer.byteLength(join[0]) * Math.max(0, join[1].length - 1);
    return join[1].reduce<number>((bytes, part) => bytes + valueBytes(part), separators);
  }
  const reference = intrinsic(value, 'Ref');
  return (typeof reference === 'string' ? PSEUDO_PARAMETER_BYTES[reference] : undefined) ?? UNKNOWN_VALUE_BYTES;
}

function intrinsic(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
