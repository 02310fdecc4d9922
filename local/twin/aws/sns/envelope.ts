import type { Notification, NotificationAttributes } from './notification.ts';
import type { Subscription } from './topic-store.ts';

/** Nothing here is signed: who verifies signatures locally finds one that no key has made. */
const SIGNATURE = Buffer.from('spillway does not sign').toString('base64');

/** The text that a protocol gets. */
export function textFor({ message, byProtocol }: Notification, protocol: string): string {
  const own = byProtocol?.[protocol];
  return typeof own === 'string' ? own : message;
}

/** What SQS gets in a message's body, unless delivery is raw. */
export function sqsEnvelope(notification: Notification, { arn, topic, protocol }: Subscription): string {
  const { messageId, sequenceNumber, subject, attributes, publishedMs } = notification;
  const region = topic.arn.split(':')[3];
  const signature = {
    SignatureVersion: topic.attributes.SignatureVersion ?? '1',
    Signature: SIGNATURE,
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-0.pem`,
  };
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    ...(sequenceNumber !== undefined && { SequenceNumber: sequenceNumber }),
    TopicArn: topic.arn,
    ...(subject !== undefined && { Subject: subject }),
    Message: textFor(notification, protocol),
    Timestamp: new Date(publishedMs).toISOString(),
    // FIFO topics do not sign.
    ...(!topic.isFifo && signature),
    UnsubscribeURL: unsubscribeUrl(arn, region),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: typedValues(attributes) }),
  });
}

/** The event that Lambda gets: one record. */
export function lambdaEvent(notification: Notification, { arn, topic, protocol }: Subscription): object {
  const { messageId, subject, attributes, publishedMs } = notification;
  const region = topic.arn.split(':')[3];
  const Sns = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topic.arn,
    Subject: subject ?? null,
    Message: textFor(notification, protocol),
    Timestamp: new Date(publishedMs).toISOString(),
    SignatureVersion: topic.attributes.SignatureVersion ?? '1',
    Signature: SIGNATURE,
    SigningCertUrl: `https://sns.${region}.amazonaws.com/SimpleNotificationService-0.pem`,
    UnsubscribeUrl: unsubscribeUrl(arn, region),
    MessageAttributes: typedValues(attributes),
  };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns }] };
}

function unsubscribeUrl(arn: string, region: string | undefined): string {
  return `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`;
}

function typedValues(attributes: NotificationAttributes): Record<string, { Type: string; Value: string }> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    const Value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
    return [name, { Type: DataType, Value: Value ?? '' }] as const;
  });
  return Object.fromEntries(entries);
}
