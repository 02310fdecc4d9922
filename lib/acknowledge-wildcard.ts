import { Stack, Validations } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';

/**
 * Says why a policy has to name a resource with a wildcard, so that cdk-nag leaves that one alone, and still finds any other.
 * It names a finding by the resource as the template has it, which is known only when references between stacks are resolved:
 * as late as the validation of the tree.
 */
export function acknowledgeWildcard(policy: Policy, resource: string, reason: string): void {
  policy.node.addValidation({
    validate: () => {
      const name = flatten(Stack.of(policy).resolve(resource));
      Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason });
      return [];
    },
  });
}

/** `<LogicalId.Arn>/prefix/*`, as cdk-nag writes it. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    'Fn::Join': join,
    'Fn::GetAtt': attribute,
    'Fn::ImportValue': imported,
    Ref: reference,
  } = value as Record<string, unknown>;
  if (Array.isArray(join)) return join[1].map(flatten).join(join[0]);
  if (Array.isArray(attribute)) return `<${attribute.map(flatten).join('.')}>`;
  if (imported !== undefined) return flatten(imported);
  return reference === undefined ? JSON.stringify(value) : `<${String(reference)}>`;
}
