import { invalidParameter } from './sns-error.ts';

/** Attributes as AWS writes them: every value is a text. */
export type Attributes = Readonly<Record<string, string>>;

export const MESSAGE_MAX_BYTES = 262_144;
const MESSAGE_BYTES_LEAST = 1_024;

const isFlag = (text: string): boolean => text === 'true' || text === 'false';
const anything = (): boolean => true;

const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  ArchivePolicy: anything,
  ContentBasedDeduplication: isFlag,
  DataProtectionPolicy: anything,
  DeliveryPolicy: anything,
  DisplayName: (text) => text.length <= 100,
  FifoThroughputScope: (text) => text === 'Topic' || text === 'MessageGroup',
  FifoTopic: isFlag,
  KmsMasterKeyId: anything,
  MaximumMessageSize: (text) =>
    /^\d+$/.test(text) && Number(text) >= MESSAGE_BYTES_LEAST && Number(text) <= 4 * MESSAGE_MAX_BYTES,
  Policy: anything,
  SignatureVersion: (text) => text === '1' || text === '2',
  TracingConfig: (text) => text === 'PassThrough' || text === 'Active',
};
/** `LambdaSuccessFeedbackRoleArn` and its like, which log deliveries to CloudWatch. */
const FEEDBACK = /^(?:HTTP|Lambda|SQS|Firehose|Application)(?:Success|Failure)Feedback(?:RoleArn|SampleRate)$/;

/** @throws AwsError InvalidParameter */
export function checkTopicAttributes(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (FEEDBACK.test(name)) continue;
    const isValid = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (!isValid) throw invalidParameter('AttributeName');
    if (!isValid(value)) throw invalidParameter(`Attributes Reason: ${name}: Invalid value [${value}]`);
  }
}

const FIFO_NAME =
  'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.';

/** @throws AwsError InvalidParameter */
export function checkTopicName(name: string, isFifo: boolean): void {
  if (isFifo && !/^[\w-]{1,251}\.fifo$/.test(name)) throw invalidParameter(FIFO_NAME);
  if (!isFifo && !/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
}
