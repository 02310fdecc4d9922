import { invalidParameter } from './sqs-error.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Which queues may use a queue as their dead-letter queue. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

const RECEIVE_COUNT_MAX = 1_000;
const SOURCES_MAX = 10;

/** @throws AwsError InvalidParameterValue */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const policy = parseObject(text, 'RedrivePolicy');
  for (const member of ['deadLetterTargetArn', 'maxReceiveCount']) {
    if (policy[member] === undefined) {
      throw invalidParameter(text, 'RedrivePolicy', `Redrive policy does not contain mandatory attribute: ${member}.`);
    }
  }
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > RECEIVE_COUNT_MAX) {
    const reason = `Invalid value for maxReceiveCount: ${String(policy.maxReceiveCount)}, valid values are from 1 to ${RECEIVE_COUNT_MAX} both inclusive.`;
    throw invalidParameter(text, 'RedrivePolicy', reason);
  }
  return { deadLetterTargetArn: String(policy.deadLetterTargetArn), maxReceiveCount };
}

/** @throws AwsError InvalidParameterValue */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const { redrivePermission, sourceQueueArns } = parseObject(text, 'RedriveAllowPolicy');
  const isList = Array.isArray(sourceQueueArns);
  const isKnown =
    redrivePermission === 'allowAll' || redrivePermission === 'denyAll' || redrivePermission === 'byQueue';
  if (!isKnown || isList !== (redrivePermission === 'byQueue')) {
    const reason =
      'redrivePermission must be allowAll, denyAll, or byQueue with a list of sourceQueueArns, which the others must not have.';
    throw invalidParameter(text, 'RedriveAllowPolicy', reason);
  }
  const arns = isList ? sourceQueueArns.map(String) : [];
  if (arns.length > SOURCES_MAX) {
    throw invalidParameter(text, 'RedriveAllowPolicy', `sourceQueueArns can have at most ${SOURCES_MAX} queues.`);
  }
  return { redrivePermission, sourceQueueArns: arns };
}

/** Whether a queue with this policy may be the dead-letter queue of another. */
export function allowsSource({ redrivePermission, sourceQueueArns }: RedriveAllowPolicy, sourceArn: string): boolean {
  return redrivePermission === 'allowAll' || (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn));
}

function parseObject(text: string, parameter: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw invalidParameter(
    text,
    parameter,
    "Amazon SQS can't create the redrive policy, as it's in an unsupported format.",
  );
}
