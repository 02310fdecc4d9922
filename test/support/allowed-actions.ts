import type { CfnElement, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import type { ServiceFunction } from '../../lib/compute/service-function.ts';

/**
 * What a function's role may do: resource → actions, in order. A resource is named by the logical id that its ARN comes
 * from, whichever stack it is in, and whatever follows it (`Follows123/index/byFollowee`); the stream of a table is
 * `Outbox123/stream`.
 */
export function allowedActions(stack: Stack, template: Template, target: ServiceFunction): Record<string, string[]> {
  const role = target.node.findChild('Role').node;
  const roleId = stack.getLogicalId(role.defaultChild as CfnElement);
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((attached: { Ref: string }) => attached.Ref === roleId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');
  const allowed: Record<string, string[]> = {};
  for (const { Action, Resource } of statements) {
    for (const resource of [Resource].flat()) {
      const name = resourceName(resource);
      allowed[name] = [...(allowed[name] ?? []), ...[Action].flat()].sort();
    }
  }
  return allowed;
}

function resourceName(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const {
    'Fn::GetAtt': attribute,
    'Fn::GetStackOutput': output,
    'Fn::Join': join,
    Ref: reference,
  } = resource as {
    'Fn::GetAtt'?: [string, string];
    'Fn::GetStackOutput'?: { OutputName: string };
    'Fn::Join'?: [string, unknown[]];
    Ref?: string;
  };
  if (join) return join[1].map(resourceName).join(join[0]);
  // `PublishOutputFnGetAtt<logical id>Arn<hash>` or `PublishOutputRef<logical id><hash>`, as CDK names its outputs.
  const [, published, what] =
    output?.OutputName.match(/^PublishOutput(?:FnGetAtt|Ref)(.*?[0-9A-F]{8})(StreamArn|A[Rr][Nn])?[0-9A-F]{8}$/) ?? [];
  const id = published ?? attribute?.[0] ?? reference ?? JSON.stringify(resource);
  return (what ?? attribute?.[1]) === 'StreamArn' ? `${id}/stream` : id;
}
