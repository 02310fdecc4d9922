import { compileFilterPolicy, type FilterPolicyScope, type Wants } from './filter-policy.ts';
import { invalidParameter } from './sns-error.ts';
import type { Attributes } from './topic-attributes.ts';

/** What a subscription goes by, out of its attributes. */
export interface SubscriptionSettings {
  readonly isRaw: boolean;
  readonly wants: Wants;
  readonly deadLetterArn: string | undefined;
}

const NAMES = new Set([
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
]);

/** @throws AwsError InvalidParameter */
export function subscriptionSettings(attributes: Attributes): SubscriptionSettings {
  const unknown = Object.keys(attributes).find((name) => !NAMES.has(name));
  if (unknown !== undefined) throw invalidParameter('AttributeName');
  const {
    FilterPolicy,
    FilterPolicyScope: scope = 'MessageAttributes',
    RawMessageDelivery: raw = 'false',
  } = attributes;
  if (raw !== 'true' && raw !== 'false') {
    throw invalidParameter(`Attributes Reason: RawMessageDelivery: Invalid value [${raw}]. Must be true or false.`);
  }
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    throw invalidParameter(
      `FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  return {
    isRaw: raw === 'true',
    wants: compileFilterPolicy(FilterPolicy, scope satisfies FilterPolicyScope),
    deadLetterArn: deadLetterArn(attributes.RedrivePolicy),
  };
}

function deadLetterArn(policy: string | undefined): string | undefined {
  if (policy === undefined || policy === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch {
    throw invalidParameter('RedrivePolicy: failed to parse JSON.');
  }
  const { deadLetterTargetArn: arn } = (parsed ?? {}) as { readonly deadLetterTargetArn?: unknown };
  if (typeof arn === 'string' && /^arn:[\w-]+:sqs:/.test(arn)) return arn;
  throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
}
