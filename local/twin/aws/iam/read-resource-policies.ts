import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import type { Policy } from './model/policy.ts';
import type { Names } from './names.ts';
import { policyOfResource, textList } from './policy-of-resource.ts';
import { functionArn } from './questions/lambda.ts';

/** ARN → policies of the resource itself. */
export type ResourcePolicies = ReadonlyMap<string, readonly Policy[]>;

type Attach = (arn: string, property: string, document: unknown) => void;
type Read = (resource: ResolvedResource, names: Names, attach: Attach) => void;

const READERS: Readonly<Record<string, Read>> = {
  'AWS::DynamoDB::GlobalTable': ({ physicalId, properties }, names, attach) => {
    const replicas = (properties.Replicas ?? []) as readonly Record<string, unknown>[];
    const replica = replicas.find(({ Region }) => Region === names.region);
    tablePolicies('Replicas', replica, names.table(physicalId), attach);
  },
  'AWS::DynamoDB::Table': ({ physicalId, properties }, names, attach) => {
    tablePolicies('ResourcePolicy', properties, names.table(physicalId), attach);
    const { StreamSpecification } = properties as { readonly StreamSpecification?: Record<string, unknown> };
    tablePolicies('StreamSpecification', StreamSpecification, `${names.table(physicalId)}/stream`, attach);
  },
  'AWS::Events::EventBus': ({ physicalId, properties }, names, attach) => {
    if (properties.Policy === undefined) return;
    attach(names.named('events', 'event-bus/', physicalId), 'Policy', properties.Policy);
  },
  'AWS::Events::EventBusPolicy': ({ properties }, names, attach) => {
    const bus = names.named('events', 'event-bus/', String(properties.EventBusName ?? 'default'));
    const { Statement, Action, Principal, Condition } = properties;
    attach(bus, 'Statement', {
      Version: '2012-10-17',
      Statement: Statement ?? busStatement(bus, Action, Principal, Condition),
    });
  },
  'AWS::KMS::Key': ({ physicalId, properties }, names, attach) => {
    if (properties.KeyPolicy !== undefined) attach(names.key(physicalId), 'KeyPolicy', properties.KeyPolicy);
  },
  'AWS::Kinesis::ResourcePolicy': ({ properties }, _names, attach) => {
    attach(String(properties.ResourceArn), 'ResourcePolicy', properties.ResourcePolicy);
  },
  'AWS::Lambda::Permission': ({ properties }, names, attach) => {
    const arn = functionArn(String(properties.FunctionName), '', names);
    attach(arn, 'Permission', { Version: '2012-10-17', Statement: permissionStatement(arn, properties) });
  },
  'AWS::S3::BucketPolicy': ({ properties }, _names, attach) => {
    attach(`arn:aws:s3:::${String(properties.Bucket)}`, 'PolicyDocument', properties.PolicyDocument);
  },
  'AWS::SNS::TopicInlinePolicy': ({ properties }, _names, attach) => {
    attach(String(properties.TopicArn), 'PolicyDocument', properties.PolicyDocument);
  },
  'AWS::SNS::TopicPolicy': ({ properties }, _names, attach) => {
    for (const topic of textList(properties.Topics)) attach(topic, 'PolicyDocument', properties.PolicyDocument);
  },
  'AWS::SQS::QueueInlinePolicy': ({ properties }, names, attach) => {
    attach(queueArn(String(properties.Queue), names), 'PolicyDocument', properties.PolicyDocument);
  },
  'AWS::SQS::QueuePolicy': ({ properties }, names, attach) => {
    for (const url of textList(properties.Queues))
      attach(queueArn(url, names), 'PolicyDocument', properties.PolicyDocument);
  },
  'AWS::SecretsManager::ResourcePolicy': ({ properties }, names, attach) => {
    attach(names.secret(String(properties.SecretId)), 'ResourcePolicy', properties.ResourcePolicy);
  },
};

/** Collects the policies that the templates attach to resources. @throws TwinError where one is malformed. */
export function readResourcePolicies(resources: readonly ResolvedResource[], names: Names): ResourcePolicies {
  const policies = new Map<string, Policy[]>();
  for (const resource of resources) {
    const read = Object.hasOwn(READERS, resource.type) ? READERS[resource.type] : undefined;
    read?.(resource, names, (arn, property, document) => {
      const policy = policyOfResource(resource, property, document, {
        name: resource.logicalId,
        resourceBased: true,
        // Topics, queues and keys take statements without a resource for their own.
        defaultResource: '*',
      });
      policies.set(arn, [...(policies.get(arn) ?? []), policy]);
    });
  }
  return policies;
}

function tablePolicies(
  property: string,
  holder: Record<string, unknown> | undefined,
  arn: string,
  attach: Attach,
): void {
  const { PolicyDocument } = (holder?.ResourcePolicy ?? {}) as { readonly PolicyDocument?: unknown };
  if (PolicyDocument !== undefined) attach(arn, property, PolicyDocument);
}

function queueArn(url: string, { arn }: Names): string {
  return arn('sqs', url.slice(url.lastIndexOf('/') + 1));
}

/** The older form of a bus policy: an account, or `*` for everybody, with a condition on the organization at most. */
function busStatement(bus: string, action: unknown, principal: unknown, condition: unknown): unknown {
  const { Type, Key, Value } = (condition ?? {}) as Readonly<Record<string, string>>;
  return {
    Effect: 'Allow',
    Action: action ?? 'events:PutEvents',
    Principal: principal === '*' ? '*' : { AWS: principal },
    Resource: bus,
    ...(Type !== undefined && { Condition: { [Type]: { [String(Key)]: Value } } }),
  };
}

/** The statement that AddPermission adds to a function's policy. */
function permissionStatement(arn: string, properties: Record<string, unknown>): unknown {
  const {
    Action,
    EventSourceToken,
    FunctionUrlAuthType,
    InvokedViaFunctionUrl,
    PrincipalOrgID,
    SourceAccount,
    SourceArn,
  } = properties;
  const principal = String(properties.Principal);
  const equals = {
    ...(EventSourceToken !== undefined && { 'lambda:EventSourceToken': EventSourceToken }),
    ...(FunctionUrlAuthType !== undefined && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
    ...(PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': PrincipalOrgID }),
    ...(SourceAccount !== undefined && { 'aws:SourceAccount': SourceAccount }),
  };
  const isService = !principal.startsWith('arn:') && principal.includes('.');
  return {
    Effect: 'Allow',
    Action,
    Principal: principal === '*' ? '*' : isService ? { Service: principal } : { AWS: principal },
    Resource: arn,
    Condition: {
      ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(InvokedViaFunctionUrl !== undefined && { Bool: { 'lambda:InvokedViaFunctionUrl': InvokedViaFunctionUrl } }),
    },
  };
}
