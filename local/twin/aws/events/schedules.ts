import { randomUUID } from 'node:crypto';
import type { Principal } from '../principal.ts';
import { isoSeconds } from './event-router.ts';
import type { ScheduleClock } from './schedule-clock.ts';
import { parseSchedule, type Schedule } from './schedule-expression.ts';
import type { Delivery, TargetDeliveries } from './target-deliveries.ts';

/** A target as `AWS::Scheduler::Schedule` writes it. */
export interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  /** JSON text, which may have attributes such as `<aws.scheduler.scheduled-time>`. */
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly KinesisParameters?: { readonly PartitionKey: string };
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string };
}

export interface ScheduleDefinition {
  readonly arn: string;
  readonly expression: string;
  readonly timezone: string;
  /** Nothing is sent before and after; `undefined` for no bound. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly isEnabled: boolean;
  readonly target: ScheduleTarget;
}

const RETRIES_MAX = 185;
const AGE_MAX_SECONDS = 86_400;

export interface SchedulesOptions {
  readonly clock: ScheduleClock;
  readonly deliveries: TargetDeliveries;
  readonly nowMs: () => number;
  readonly region: string;
  readonly accountId: string;
}

/**
 * The schedules of EventBridge Scheduler. A rate begins at once, or at its StartDate; a flexible window is used at its
 * beginning.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  /** By ARN: the definition as JSON, and how to stop it. */
  readonly #running = new Map<string, { readonly definition: string; readonly stop: () => void }>();

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  /** Runs exactly these from now on; one that has not changed goes on as it is. */
  replace(definitions: readonly ScheduleDefinition[]): void {
    const arns = new Set(definitions.map(({ arn }) => arn));
    for (const [arn, { stop }] of this.#running) {
      if (arns.has(arn)) continue;
      stop();
      this.#running.delete(arn);
    }
    for (const definition of definitions) {
      const text = JSON.stringify(definition);
      const running = this.#running.get(definition.arn);
      if (running?.definition === text) continue;
      running?.stop();
      this.#running.set(definition.arn, { definition: text, stop: this.#start(definition) });
    }
  }

  close(): void {
    this.replace([]);
  }

  #start(definition: ScheduleDefinition): () => void {
    const { clock, nowMs } = this.#options;
    const bounded = boundedSchedule(definition, nowMs());
    if (!definition.isEnabled) return () => {};
    return clock.add(bounded, (dueMs) => this.#run(definition, dueMs), nowMs() - 1);
  }

  #run({ arn, target }: ScheduleDefinition, dueMs: number): void {
    const { accountId, region } = this.#options;
    const id = randomUUID();
    const attributes: Readonly<Record<string, string>> = {
      'aws.scheduler.schedule-arn': arn,
      'aws.scheduler.scheduled-time': isoSeconds(dueMs),
      'aws.scheduler.execution-id': id,
      'aws.scheduler.attempt-number': '1',
    };
    const standard = {
      version: '0',
      id,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: accountId,
      time: isoSeconds(dueMs),
      region,
      resources: [arn],
      detail: '{}',
    };
    const template = target.Input ?? JSON.stringify(standard);
    const input = template.replaceAll(/<([\w.-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
    this.#options.deliveries.begin(deliveryOf(arn, target, input));
  }
}

/** @throws ScheduleExpressionError */
function boundedSchedule(definition: ScheduleDefinition, nowMs: number): Schedule {
  const { expression, timezone, startMs = -Infinity, endMs = Infinity } = definition;
  const isRate = expression.startsWith('rate(');
  const schedule = parseSchedule(expression, { startMs: Math.max(startMs, nowMs), timezone });
  const firstMs = Math.max(startMs, nowMs);
  return {
    next: (afterMs) => {
      // A rate counts from its beginning, at which it is due for the first time.
      const dueMs = isRate && afterMs < firstMs ? firstMs : schedule.next(Math.max(afterMs, startMs - 1));
      return dueMs === undefined || dueMs > endMs ? undefined : dueMs;
    },
  };
}

function deliveryOf(scheduleArn: string, target: ScheduleTarget, input: string): Delivery {
  const principal: Principal = {
    kind: 'role',
    roleArn: target.RoleArn,
    sessionName: 'scheduler',
    assumedBy: 'scheduler.amazonaws.com',
    sourceArn: groupArnOf(scheduleArn),
  };
  const { RetryPolicy: retry } = target;
  return {
    targetArn: target.Arn,
    input,
    principal,
    parameters: parametersOf(scheduleArn, target, input),
    deadLetterArn: target.DeadLetterConfig?.Arn,
    origin: { SCHEDULE_ARN: scheduleArn },
    original: input,
    retriesMax: Number(retry?.MaximumRetryAttempts ?? RETRIES_MAX),
    ageMaxMs: Number(retry?.MaximumEventAgeInSeconds ?? AGE_MAX_SECONDS) * 1_000,
  };
}

/** The role sees the schedule's group as the source, not the schedule: arn:…:schedule/GROUP/NAME → arn:…:schedule-group/GROUP. */
function groupArnOf(scheduleArn: string): string {
  return scheduleArn.replace(/:schedule\/([^/]+)\/.*$/, ':schedule-group/$1');
}

function parametersOf(scheduleArn: string, target: ScheduleTarget, input: string): Record<string, unknown> {
  const { SqsParameters, KinesisParameters, EventBridgeParameters } = target;
  if (SqsParameters?.MessageGroupId !== undefined) return { MessageGroupId: SqsParameters.MessageGroupId };
  if (KinesisParameters) return { PartitionKey: KinesisParameters.PartitionKey };
  if (!EventBridgeParameters) return {};
  const { DetailType, Source } = EventBridgeParameters;
  return { Entries: [{ DetailType, Source, Detail: input, Resources: [scheduleArn], EventBusName: target.Arn }] };
}
