import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { resourceLabel } from '../assembly/resource-label.ts';

/** What people call a resource, by what services call it. */
export interface ResourceLabels {
  /** Construct path of a resource, by its service (`sqs`, `dynamodb`) and name; the name where no template declares it. */
  of(service: string, name: string): string;
  /** The same by ARN; whatever is no ARN stays as it is. */
  ofArn(arn: string): string;
}

/** Rules are known by `<bus>|<rule>`, of the default bus by their name, as `Ref` yields it. */
const SERVICES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'dynamodb',
  'AWS::DynamoDB::Table': 'dynamodb',
  'AWS::Events::EventBus': 'event-bus',
  'AWS::Events::Rule': 'rule',
  'AWS::KMS::Key': 'kms',
  'AWS::Kinesis::Stream': 'kinesis',
  'AWS::Lambda::Function': 'lambda',
  'AWS::SNS::Topic': 'sns',
  'AWS::SQS::Queue': 'sqs',
  'AWS::SSM::Parameter': 'ssm',
  'AWS::SecretsManager::Secret': 'secretsmanager',
};

/** `function:name:alias`, `stream/name/consumer/…`, `table/name/stream/…`, `event-bus/name`, or the name alone. */
const NAME_IN_ARN = /^(?:(?:function:|stream\/|table\/|event-bus\/)([^:/]+)|([^:/]+)$)/;

export function resourceLabels(resources: readonly ResolvedResource[]): ResourceLabels {
  const labels = new Map<string, string>();
  for (const resource of resources) {
    const service = SERVICES[resource.type];
    if (service !== undefined)
      labels.set(`${service} ${nameOf(service, resource.physicalId)}`, resourceLabel(resource));
  }
  const of = (service: string, name: string): string => labels.get(`${service} ${name}`) ?? name;
  return {
    of,
    ofArn: (arn) => {
      const [prefix, , service = '', , , ...rest] = arn.split(':');
      if (prefix !== 'arn') return arn;
      const text = rest.join(':');
      const match = NAME_IN_ARN.exec(text);
      const name = match?.[1] ?? match?.[2];
      if (name === undefined) return arn;
      return of(service === 'events' ? 'event-bus' : service, name);
    },
  };
}

/** `Ref` of a queue is a URL, that of a topic or a secret an ARN. */
function nameOf(service: string, physicalId: string): string {
  if (service === 'sqs') return physicalId.slice(physicalId.lastIndexOf('/') + 1);
  return service === 'sns' ? physicalId.slice(physicalId.lastIndexOf(':') + 1) : physicalId;
}
