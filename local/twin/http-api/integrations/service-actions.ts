import { randomUUID } from 'node:crypto';
import { toXml } from '../../aws/protocols/xml.ts';
import type { HttpReply } from '../http-reply.ts';

type Values = Readonly<Record<string, string>>;
type Output = Readonly<Record<string, unknown>>;

/** How an IntegrationSubtype calls its service. */
export interface ServiceAction {
  readonly service: string;
  readonly operation: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly input: (values: Values) => Record<string, unknown>;
  readonly reply: (output: Output) => HttpReply;
}

const asJson = (output: Output): HttpReply => ({
  kind: 'reply',
  status: 200,
  headers: [['content-type', 'application/x-amz-json-1.1']],
  body: JSON.stringify(output),
});

/**
 * The actions of "Integration subtype reference" whose services the twin has. Values arrive as text: numbers and JSON are
 * made of those that the service takes so. `Data` of Kinesis goes through as it is: the caller sends base64.
 */
export const SERVICE_ACTIONS: Readonly<Record<string, ServiceAction>> = {
  'EventBridge-PutEvents': {
    service: 'events',
    operation: 'PutEvents',
    required: ['Detail', 'DetailType', 'Source'],
    optional: ['Time', 'EventBusName', 'Resources', 'TraceHeader'],
    input: ({ Time, Resources, ...values }) => ({
      Entries: [
        {
          ...values,
          ...(Time !== undefined && { Time: Date.parse(Time) / 1_000 }),
          ...(Resources !== undefined && { Resources: parsed(Resources) }),
        },
      ],
    }),
    reply: asJson,
  },
  'Kinesis-PutRecord': {
    service: 'kinesis',
    operation: 'PutRecord',
    required: ['StreamName', 'Data', 'PartitionKey'],
    optional: ['SequenceNumberForOrdering', 'ExplicitHashKey'],
    input: (values) => values,
    reply: asJson,
  },
  'SQS-SendMessage': {
    service: 'sqs',
    operation: 'SendMessage',
    required: ['QueueUrl', 'MessageBody'],
    optional: [
      'DelaySeconds',
      'MessageAttributes',
      'MessageDeduplicationId',
      'MessageGroupId',
      'MessageSystemAttributes',
    ],
    input: ({ DelaySeconds, MessageAttributes, MessageSystemAttributes, ...values }) => ({
      ...values,
      ...(DelaySeconds !== undefined && { DelaySeconds: Number(DelaySeconds) }),
      ...(MessageAttributes !== undefined && { MessageAttributes: parsed(MessageAttributes) }),
      ...(MessageSystemAttributes !== undefined && { MessageSystemAttributes: parsed(MessageSystemAttributes) }),
    }),
    // API Gateway speaks SQS's query protocol, so the caller reads its XML.
    reply: (output) => asXml('SendMessage', output),
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

function asXml(operation: string, output: Output): HttpReply {
  const result = toXml(`${operation}Result`, output);
  const metadata = toXml('ResponseMetadata', { RequestId: randomUUID() });
  return {
    kind: 'reply',
    status: 200,
    headers: [['content-type', 'text/xml']],
    body: `<?xml version="1.0"?><${operation}Response xmlns="${NAMESPACE}">${result}${metadata}</${operation}Response>`,
  };
}
