import {
  parseRedriveAllowPolicy,
  parseRedrivePolicy,
  type RedriveAllowPolicy,
  type RedrivePolicy,
} from './redrive-policy.ts';
import { sqsError } from './sqs-error.ts';

/** What a queue goes by, out of its attributes. */
export interface QueueSettings {
  readonly isFifo: boolean;
  readonly delayMs: number;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly messageMaxBytes: number;
  readonly hasContentBasedDeduplication: boolean;
  /** Two groups may have the same deduplication id. */
  readonly deduplicatesPerGroup: boolean;
  readonly redrive: RedrivePolicy | undefined;
  readonly redriveAllow: RedriveAllowPolicy | undefined;
}

/** Attributes as AWS writes them: every value is a text. */
export type QueueAttributes = Readonly<Record<string, string>>;

export const MESSAGE_MAX_BYTES = 1_048_576;
export const VISIBILITY_MAX_SECONDS = 43_200;

const DEFAULTS: QueueAttributes = {
  DelaySeconds: '0',
  MaximumMessageSize: String(MESSAGE_MAX_BYTES),
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};
const FIFO_DEFAULTS: QueueAttributes = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

const isWhole =
  (min: number, max: number) =>
  (text: string): boolean =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
const isOneOf =
  (...choices: readonly string[]) =>
  (text: string): boolean =>
    choices.includes(text);
const anything = (): boolean => true;

/** Attributes that may be set, and whether a value is valid. */
const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  ContentBasedDeduplication: isOneOf('true', 'false'),
  DeduplicationScope: isOneOf('messageGroup', 'queue'),
  DelaySeconds: isWhole(0, 900),
  FifoQueue: isOneOf('true'),
  FifoThroughputLimit: isOneOf('perQueue', 'perMessageGroupId'),
  KmsDataKeyReusePeriodSeconds: isWhole(60, 86_400),
  KmsMasterKeyId: anything,
  MaximumMessageSize: isWhole(1_024, MESSAGE_MAX_BYTES),
  MessageRetentionPeriod: isWhole(60, 1_209_600),
  Policy: anything,
  ReceiveMessageWaitTimeSeconds: isWhole(0, 20),
  RedriveAllowPolicy: anything,
  RedrivePolicy: anything,
  SqsManagedSseEnabled: isOneOf('true', 'false'),
  VisibilityTimeout: isWhole(0, VISIBILITY_MAX_SECONDS),
};

const FIFO_ONLY = new Set(['ContentBasedDeduplication', 'DeduplicationScope', 'FifoQueue', 'FifoThroughputLimit']);
/** Setting one of these to an empty text removes it. */
const REMOVABLE = new Set(['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy']);

/** Every name that GetQueueAttributes may be asked for. */
export const ATTRIBUTE_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(CHECKS),
  'All',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
]);

/** Checks attributes that a caller wants to set, and leaves out those that it wants to remove. @throws AwsError */
export function mergeAttributes(current: QueueAttributes, changes: QueueAttributes, isFifo: boolean): QueueAttributes {
  const merged: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(changes)) {
    const isValid = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (!isValid || (FIFO_ONLY.has(name) && !isFifo)) {
      throw sqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (value === '' && REMOVABLE.has(name)) {
      delete merged[name];
      continue;
    }
    if (!isValid(value)) throw sqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    merged[name] = value;
  }
  if (merged.FifoThroughputLimit === 'perMessageGroupId' && merged.DeduplicationScope !== 'messageGroup') {
    throw sqsError(
      'InvalidAttributeValue',
      'Invalid value for the parameter FifoThroughputLimit. perMessageGroupId needs DeduplicationScope messageGroup.',
    );
  }
  return merged;
}

export function defaultAttributes(isFifo: boolean): QueueAttributes {
  return isFifo ? { ...DEFAULTS, ...FIFO_DEFAULTS, FifoQueue: 'true' } : DEFAULTS;
}

/** @throws AwsError InvalidParameterValue where a redrive policy cannot be read. */
export function queueSettings(attributes: QueueAttributes): QueueSettings {
  const milliseconds = (name: string): number => Number(attributes[name]) * 1_000;
  const { RedrivePolicy: redrive, RedriveAllowPolicy: redriveAllow } = attributes;
  return {
    isFifo: attributes.FifoQueue === 'true',
    delayMs: milliseconds('DelaySeconds'),
    visibilityMs: milliseconds('VisibilityTimeout'),
    retentionMs: milliseconds('MessageRetentionPeriod'),
    waitMs: milliseconds('ReceiveMessageWaitTimeSeconds'),
    messageMaxBytes: Number(attributes.MaximumMessageSize),
    hasContentBasedDeduplication: attributes.ContentBasedDeduplication === 'true',
    deduplicatesPerGroup: attributes.DeduplicationScope === 'messageGroup',
    redrive: redrive === undefined ? undefined : parseRedrivePolicy(redrive),
    redriveAllow: redriveAllow === undefined ? undefined : parseRedriveAllowPolicy(redriveAllow),
  };
}
