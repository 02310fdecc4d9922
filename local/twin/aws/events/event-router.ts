import { randomUUID } from 'node:crypto';
import type { Principal } from '../principal.ts';
import { valueAtPath } from './event-path.ts';
import type { BusEvent, EventBus, Rule, Target } from './event-store.ts';
import { type Delivery, isKnownTarget, type TargetDeliveries } from './target-deliveries.ts';
import { inputFor } from './target-input.ts';

/** AWS's defaults of a target's RetryPolicy. */
const RETRIES_MAX = 185;
const AGE_MAX_SECONDS = 86_400;

export interface RouterOptions {
  readonly deliveries: TargetDeliveries;
  readonly region: string;
  readonly accountId: string;
  readonly log: (message: string) => void;
}

/** Brings events to the targets of the rules that they match. */
export class EventRouter {
  readonly #options: RouterOptions;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  route(event: BusEvent, bus: EventBus): void {
    for (const rule of bus.rules.values()) {
      if (rule.isEnabled && rule.matches?.(event)) this.#toTargets(event, rule);
    }
  }

  /** What a rule with a schedule sends: the default bus is not asked. */
  onSchedule(rule: Rule, dueMs: number): void {
    const { accountId, region } = this.#options;
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: isoSeconds(dueMs),
      region,
      resources: [rule.arn],
      detail: {},
    };
    this.#toTargets(event, rule);
  }

  #toTargets(event: BusEvent, rule: Rule): void {
    for (const target of rule.targets.values()) {
      if (!isKnownTarget(target.Arn)) continue;
      try {
        this.#options.deliveries.begin(deliveryOf(event, rule, target));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log(`the rule ${rule.arn} cannot make the input of its target ${target.Arn}: ${reason}`);
      }
    }
  }
}

function deliveryOf(event: BusEvent, rule: Rule, target: Target): Delivery {
  const roleArn = target.RoleArn ?? rule.roleArn;
  const [, , service] = target.Arn.split(':');
  // Streams and buses are reached by a role; functions, queues and topics by their own policies.
  const usesRole =
    roleArn !== undefined && (target.RoleArn !== undefined || service === 'kinesis' || service === 'events');
  const principal: Principal = usesRole
    ? { kind: 'role', roleArn, sessionName: 'events', assumedBy: 'events.amazonaws.com', sourceArn: rule.arn }
    : { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn };
  const { RetryPolicy: retry, DeadLetterConfig } = target;
  return {
    targetArn: target.Arn,
    input: inputFor(event, target, rule),
    principal,
    parameters: parametersOf(event, target, service ?? ''),
    deadLetterArn: DeadLetterConfig?.Arn,
    origin: { RULE_ARN: rule.arn },
    original: JSON.stringify(event),
    retriesMax: Number(retry?.MaximumRetryAttempts ?? RETRIES_MAX),
    ageMaxMs: Number(retry?.MaximumEventAgeInSeconds ?? AGE_MAX_SECONDS) * 1_000,
  };
}

function parametersOf(event: BusEvent, target: Target, service: string): Record<string, unknown> {
  if (service === 'sqs') {
    const groupId = target.SqsParameters?.MessageGroupId;
    return groupId === undefined ? {} : { MessageGroupId: groupId };
  }
  if (service === 'kinesis') {
    const path = target.KinesisParameters?.PartitionKeyPath;
    return { PartitionKey: String((path === undefined ? undefined : valueAtPath(event, path)) ?? event.id) };
  }
  if (service === 'events') {
    const entry = {
      Source: event.source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
      Time: Date.parse(event.time) / 1_000,
      EventBusName: target.Arn,
    };
    return { Entries: [entry] };
  }
  return {};
}

/** `2026-11-22T10:00:00Z` */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
