import { mediaType } from '../../request/media-types.ts';
import { jsonService } from './json-service.ts';
import { queryService } from './query-service.ts';
import type { ServiceProtocol } from './service-protocol.ts';
import type { ServiceUri } from './service-uri.ts';

/** Form fields whose values are numbers in the service's own input. */
const NUMBERS = new Set(['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds']);
/** Flattened lists and maps of the query API: `MessageAttribute.1.Name`, `SendMessageBatchRequestEntry.1.Id`. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
};
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  MessageAttributeName: 'MessageAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
};
/** The query API of SQS says of each member of a SendMessage result that it is null. */
const SEND_RESULT = {
  MD5OfMessageAttributes: null,
  MD5OfMessageBody: null,
  MD5OfMessageSystemAttributes: null,
  MessageId: null,
  SequenceNumber: null,
};

const JSON_SQS = jsonService('AmazonSQS', '1.0');
const QUERY_SQS = queryService({
  namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  input: (form, uri, request) => {
    const input = sqsInput(form);
    const path = uri.kind === 'path' ? queueUrl(uri, request.path) : undefined;
    return path === undefined || input.QueueUrl !== undefined ? input : { ...input, QueueUrl: path };
  },
  result: (operation, output) => (operation === 'SendMessage' ? { ...SEND_RESULT, ...output } : output),
});

/** SQS speaks both protocols; the mapped `Content-Type` says which. */
export const SQS_SERVICE: ServiceProtocol = {
  decode(uri, request) {
    if (!speaksJson(request)) return QUERY_SQS.decode(uri, request);
    const call = JSON_SQS.decode(uri.kind === 'action' ? uri : { ...uri, rest: '' }, request);
    const QueueUrl = uri.kind === 'path' ? queueUrl(uri, request.path) : undefined;
    return 'input' in call && QueueUrl !== undefined ? { ...call, input: { QueueUrl, ...call.input } } : call;
  },
  encode: (operation, output, request, requestId) =>
    (speaksJson(request) ? JSON_SQS : QUERY_SQS).encode(operation, output, request, requestId),
  encodeError: (error, request, requestId) =>
    (speaksJson(request) ? JSON_SQS : QUERY_SQS).encodeError(error, request, requestId),
};

function speaksJson({ contentType }: { readonly contentType: string }): boolean {
  return mediaType(contentType)?.startsWith('application/x-amz-json') ?? false;
}

/** `path/123456789012/orders` names a queue; `path//` and `path/` name none. */
function queueUrl({ region, rest }: ServiceUri, values: ReadonlyMap<string, string>): string | undefined {
  const path = rest.replace(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '').replace(/^\/+|\/+$/g, '');
  return path === '' ? undefined : `https://sqs.${region}.amazonaws.com/${path}`;
}

function sqsInput(form: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const lists = new Map<string, Map<string, URLSearchParams>>();
  for (const [name, value] of form) {
    const [head = '', index, ...rest] = name.split('.');
    if (index === undefined) {
      input[name] = NUMBERS.has(name) ? Number(value) : value;
      continue;
    }
    const items = lists.get(head) ?? new Map<string, URLSearchParams>();
    lists.set(head, items);
    const item = items.get(index) ?? new URLSearchParams();
    items.set(index, item);
    item.append(rest.join('.'), value);
  }
  for (const [head, items] of lists) {
    const ordered = [...items].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
    const attributes = ATTRIBUTES[head];
    if (attributes !== undefined) input[attributes] = Object.fromEntries(ordered.map(attributeOf));
    else input[LISTS[head] ?? head] = ordered.map((item) => (item.has('') ? item.get('') : sqsInput(item)));
  }
  return input;
}

function attributeOf(item: URLSearchParams): [string, Record<string, string>] {
  const values = [...item].filter(([name]) => name.startsWith('Value.'));
  return [item.get('Name') ?? '', Object.fromEntries(values.map(([name, value]) => [name.slice(6), value]))];
}
