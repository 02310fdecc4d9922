import type { Input } from '../aws-call.ts';
import { invalidParameter } from './sns-error.ts';
import { optionalText } from './sns-input.ts';
import type { Topic } from './topic-store.ts';

export interface NotificationAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
export type NotificationAttributes = Readonly<Record<string, NotificationAttribute>>;

/** A message as it was published. */
export interface Notification {
  readonly messageId: string;
  /** FIFO only. */
  readonly sequenceNumber: string | undefined;
  /** What protocols without a text of their own get. */
  readonly message: string;
  /** With `MessageStructure: json`: texts by protocol. */
  readonly byProtocol: Readonly<Record<string, unknown>> | undefined;
  readonly subject: string | undefined;
  readonly attributes: NotificationAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly publishedMs: number;
}

/** What a publisher gives, checked. */
export type Content = Omit<Notification, 'messageId' | 'sequenceNumber' | 'publishedMs'>;

const NAME = /^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/;
const DATA_TYPE = /^(?:String|Number|Binary)(?:\.[\w.-]+)?$/;
const ID = /^[\x21-\x7e]{1,128}$/;
/** "Begins with a letter, number, or punctuation mark, at most 100 characters, no control characters." */
const SUBJECT = /^[^\s\p{Cc}][^\p{Cc}]{0,99}$/u;

/** Reads and checks what Publish, or one entry of PublishBatch, is given. @throws AwsError InvalidParameter */
export function readContent(input: Input, topic: Topic): Content {
  const text = optionalText(input, 'Message');
  if (text === undefined) throw invalidParameter('Empty message');
  const subject = optionalText(input, 'Subject');
  if (subject !== undefined && !SUBJECT.test(subject)) throw invalidParameter('Subject');
  const attributes = readAttributes(input.MessageAttributes);
  if (sizeOf(text, attributes) > topic.messageMaxBytes) throw invalidParameter('Message too long');
  const byProtocol = input.MessageStructure === 'json' ? readStructure(text) : undefined;
  const groupId = readId(input, 'MessageGroupId');
  const deduplicationId = readId(input, 'MessageDeduplicationId');
  if (topic.isFifo && groupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (topic.isFifo && deduplicationId === undefined && topic.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  if (!topic.isFifo && deduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  return {
    message: byProtocol ? String(byProtocol.default) : text,
    byProtocol,
    subject,
    attributes,
    groupId,
    deduplicationId,
  };
}

/** Bytes that count against the limit: the text, and names, types and values of attributes. */
export function sizeOf(text: string, attributes: NotificationAttributes): number {
  let size = Buffer.byteLength(text);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size += Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  }
  return size;
}

export function readAttributes(value: unknown): NotificationAttributes {
  if (typeof value !== 'object' || value === null) return {};
  for (const [name, attribute] of Object.entries(value as NotificationAttributes)) {
    const { DataType, StringValue, BinaryValue } = attribute;
    if (!NAME.test(name)) throw invalidParameter(`The message attribute name '${name}' is invalid.`);
    if (!DataType) {
      throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`);
    }
    if (!DATA_TYPE.test(DataType)) {
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const isBinary = DataType.startsWith('Binary');
    if (!(isBinary ? BinaryValue : StringValue)) {
      throw invalidParameter(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    }
    if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue))) {
      throw invalidParameter(
        `The message attribute '${name}' with type Number must have a number, got '${StringValue}'.`,
      );
    }
  }
  return value as NotificationAttributes;
}

function readStructure(text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (!('default' in parsed)) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return parsed as Record<string, unknown>;
}

function readId(input: Input, member: 'MessageGroupId' | 'MessageDeduplicationId'): string | undefined {
  const id = optionalText(input, member);
  if (id === undefined || ID.test(id)) return id;
  throw invalidParameter(
    `${member} Reason: ${member} can only include alphanumeric and punctuation characters, 1 to 128 in length, got '${id}'`,
  );
}
