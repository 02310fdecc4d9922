import { createHash } from 'node:crypto';
import { invalidValue } from './sqs-error.ts';

/** A user attribute of a message; binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const ATTRIBUTES_MAX = 10;
const NAME = /^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/;
const RESERVED = /^(?:aws\.|amazon\.)/i;

/** Message attributes as given, checked; `undefined` where there are none. @throws AwsError InvalidParameterValue */
export function readMessageAttributes(value: unknown): MessageAttributes | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value as MessageAttributes);
  if (entries.length === 0) return undefined;
  if (entries.length > ATTRIBUTES_MAX) {
    throw invalidValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    );
  }
  for (const [name, attribute] of entries) checkAttribute(name, attribute);
  return value as MessageAttributes;
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  if (name.length > 256) throw invalidValue('Message (user) attribute name can not be longer than 256 characters.');
  if (!NAME.test(name) || RESERVED.test(name)) {
    throw invalidValue(
      `Invalid message attribute name '${name}': it may have letters, digits, '_', '-' and single '.', and not start with AWS. or Amazon.`,
    );
  }
  if (!DataType) throw invalidValue(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const type = DataType.split('.')[0];
  if (type !== 'String' && type !== 'Number' && type !== 'Binary') {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const given = type === 'Binary' ? BinaryValue : StringValue;
  if (!given) {
    throw invalidValue(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type === 'Binary' ? 'Binary' : 'String'}'.`,
    );
  }
  if (type === 'Number' && !Number.isFinite(Number(given))) {
    throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** Bytes that attributes add to a message: names, types and values. */
export function sizeOfAttributes(attributes: MessageAttributes | undefined): number {
  if (!attributes) return 0;
  let size = 0;
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size += Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  }
  return size;
}

/**
 * The digest that clients compare: MD5 over the attributes by name, each as name, type, a byte for the kind (1 text, 2
 * bytes) and value, every part after its length in four bytes. Source: "Calculating the MD5 message digest for message
 * attributes" in the SQS Developer Guide.
 */
export function md5OfAttributes(attributes: MessageAttributes | undefined): string | undefined {
  if (!attributes) return undefined;
  const digest = createHash('md5');
  const part = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue = '', BinaryValue } = attributes[name] ?? {};
    const isBinary = DataType.startsWith('Binary');
    part(Buffer.from(name));
    part(Buffer.from(DataType));
    digest.update(isBinary ? '\x02' : '\x01');
    part(isBinary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue));
  }
  return digest.digest('hex');
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The attributes that a receiver asks for by `All`, `.*`, a name or `prefix.*`. */
export function selectAttributes(
  attributes: MessageAttributes | undefined,
  names: readonly string[],
): MessageAttributes | undefined {
  if (!attributes || names.length === 0) return undefined;
  if (names.includes('All') || names.includes('.*')) return attributes;
  const isAsked = (name: string): boolean =>
    names.some((asked) => (asked.endsWith('.*') ? name.startsWith(asked.slice(0, -1)) : asked === name));
  const selected = Object.entries(attributes).filter(([name]) => isAsked(name));
  return selected.length === 0 ? undefined : Object.fromEntries(selected);
}
