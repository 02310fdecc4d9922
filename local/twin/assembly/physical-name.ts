import { createHash } from 'node:crypto';

/**
 * The name that CloudFormation would generate, `Stack-LogicalId-SUFFIX`, except that the suffix is a digest instead of a
 * random one: the same template always gives the same names, so data and checkpoints survive a restart.
 */
export function physicalName(stackName: string, logicalId: string): string {
  // Lambda's 64 characters are the tightest bound among the named resources.
  const suffix = identifier(stackName, logicalId, 12).toUpperCase();
  return `${stackName.slice(0, 24)}-${logicalId.slice(0, 24)}-${suffix}`;
}

/** A lower-case identifier of `length` (at most 24) letters and digits, such as API Gateway's ids. */
export function identifier(stackName: string, logicalId: string, length: number): string {
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest();
  return digest
    .readBigUInt64BE(0)
    .toString(36)
    .padStart(13, '0')
    .concat(digest.readBigUInt64BE(8).toString(36))
    .slice(0, length);
}

/** The UUID at the end of a stack id, the same for the same stack name. */
export function stackUuid(stackName: string): string {
  return uuidOf(createHash('sha256').update(stackName).digest('hex'));
}

/** 32 hexadecimal digits, or more, in the shape of a UUID. */
export function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
