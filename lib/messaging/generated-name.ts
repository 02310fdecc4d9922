import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * A name that is known before its resource is, where two resources have to name each other, which CloudFormation refuses as
 * a circle. Like one that CloudFormation makes, it is of one stack alone, of no other with the same name, and not of one
 * deleted earlier whose resource was retained: it ends in the stack's UUID. Only for resources that no update replaces.
 * @param prefix lower case letters, digits and hyphens, at most 17: with what follows it fits a bucket, which has the
 *   shortest names
 */
export function generatedName(scope: Construct, prefix: string): string {
  // arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${prefix}-${scope.node.addr.slice(-8)}-${uuid}`;
}

/**
 * What becomes of a resource with such a name: as it is told, but what is to stay does so only once its creation has
 * succeeded. `Retain` keeps what is rolled back as well, and the next attempt to update the same stack would find the name
 * taken (CloudFormation user guide, DeletionPolicy: `RetainExceptOnCreate`).
 */
export function removalOfNamed(policy: RemovalPolicy): RemovalPolicy {
  return policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
}
