import { TwinError } from '../../../twin-error.ts';

/** Somebody that a bucket tells of changes. */
export interface NotificationTarget {
  /** As events name it. */
  readonly id: string;
  readonly kind: 'queue' | 'function' | 'topic';
  readonly arn: string;
  /** `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

interface FilterProperty {
  readonly S3Key?: { readonly Rules?: readonly { readonly Name: string; readonly Value: string }[] };
}

interface TargetProperty {
  readonly Event: string;
  readonly Filter?: FilterProperty;
  readonly Function?: string;
  readonly Queue?: string;
  readonly Topic?: string;
}

/** NotificationConfiguration of AWS::S3::Bucket. */
export interface NotificationProperty {
  readonly LambdaConfigurations?: readonly TargetProperty[];
  readonly QueueConfigurations?: readonly TargetProperty[];
  readonly TopicConfigurations?: readonly TargetProperty[];
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: boolean | string };
}

const EVENT = /^s3:(ObjectCreated|ObjectRemoved|LifecycleExpiration):(\*|\w+)$/;

/** Reads whom a bucket tells of what. @throws TwinError where the twin has no such events, or AWS would refuse it. */
export function notificationTargets(subject: string, property: NotificationProperty): NotificationTarget[] {
  if (String(property.EventBridgeConfiguration?.EventBridgeEnabled ?? property.EventBridgeConfiguration) === 'true') {
    throw new TwinError(
      'bucket-notification',
      `${subject}: EventBridgeConfiguration is not supported; tell a queue, a topic or a function instead`,
    );
  }
  const of = (targets: readonly TargetProperty[] | undefined, kind: NotificationTarget['kind']): NotificationTarget[] =>
    (targets ?? []).map((target, index) => {
      const { Event, Filter, Function: functionArn, Queue, Topic } = target;
      if (!EVENT.test(Event)) {
        const known = 's3:ObjectCreated, s3:ObjectRemoved and s3:LifecycleExpiration';
        throw new TwinError('bucket-notification', `${subject}: the event '${Event}' is not one of ${known}`);
      }
      const rule = (name: string): string =>
        Filter?.S3Key?.Rules?.find(({ Name }) => Name.toLowerCase() === name)?.Value ?? '';
      return {
        ...{ id: `${kind}-${index + 1}`, kind, arn: String(functionArn ?? Queue ?? Topic), events: [Event] },
        ...{ prefix: rule('prefix'), suffix: rule('suffix') },
      };
    });
  return [
    ...of(property.QueueConfigurations, 'queue'),
    ...of(property.LambdaConfigurations, 'function'),
    ...of(property.TopicConfigurations, 'topic'),
  ];
}

/** Whether a target is told of an event, such as `ObjectCreated:Put`, about a key. */
export function isToldOf({ events, prefix, suffix }: NotificationTarget, event: string, key: string): boolean {
  const isWanted = events.some((pattern) =>
    pattern.endsWith('*') ? `s3:${event}`.startsWith(pattern.slice(0, -1)) : pattern === `s3:${event}`,
  );
  return isWanted && key.startsWith(prefix) && key.endsWith(suffix);
}
