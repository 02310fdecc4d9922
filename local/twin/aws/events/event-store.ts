import { compileEventPattern, type MatchesEvent } from '../../event-patterns/event-pattern.ts';
import { EventPatternError } from '../../event-patterns/event-pattern-error.ts';
import { AwsError } from '../aws-error.ts';
import { notFound, validation } from './events-error.ts';
import type { ScheduleClock } from './schedule-clock.ts';
import { parseSchedule, type Schedule, ScheduleExpressionError } from './schedule-expression.ts';
import type { InputSettings } from './target-input.ts';

/** An event as rules and targets see it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** A target as PutTargets and the template write it. */
export interface Target extends InputSettings {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly KinesisParameters?: { readonly PartitionKeyPath?: string };
}

export interface RuleDefinition {
  readonly name: string;
  readonly pattern?: unknown;
  readonly scheduleExpression?: string;
  readonly isEnabled: boolean;
  readonly description?: string;
  readonly roleArn?: string;
}

export interface Rule extends RuleDefinition {
  readonly arn: string;
  readonly busName: string;
  readonly matches: MatchesEvent | undefined;
  readonly schedule: Schedule | undefined;
  readonly targets: Map<string, Target>;
  /** Stops the schedule. */
  stop: () => void;
}

export interface EventBus {
  readonly name: string;
  readonly arn: string;
  readonly rules: Map<string, Rule>;
}

export interface EventStoreOptions {
  readonly arnPrefix: string;
  readonly nowMs: () => number;
  readonly clock: ScheduleClock;
  /** Called at each time of a rule's schedule. */
  readonly onSchedule: (rule: Rule, dueMs: number) => void;
}

export const DEFAULT_BUS = 'default';
export const TARGETS_MAX = 5;

/** Buses and rules, in memory. Throws AwsError as EventBridge would answer. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly #buses = new Map<string, EventBus>();

  constructor(options: EventStoreOptions) {
    this.#options = options;
    this.createBus(DEFAULT_BUS);
  }

  buses(): readonly EventBus[] {
    return [...this.#buses.values()];
  }

  /** By name or ARN; the default bus where neither is given. */
  findBus(nameOrArn: string = DEFAULT_BUS): EventBus | undefined {
    return this.#buses.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));
  }

  bus(nameOrArn?: string): EventBus {
    const bus = this.findBus(nameOrArn);
    if (!bus) throw notFound(`Event bus ${nameOrArn} does not exist.`);
    return bus;
  }

  rule(name: string, busName?: string): Rule {
    const bus = this.bus(busName);
    const rule = bus.rules.get(name);
    if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${bus.name}.`);
    return rule;
  }

  createBus(name: string): EventBus {
    if (this.#buses.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    if (!/^[\w./-]{1,256}$/.test(name)) throw validation(`Event bus name ${name} is not valid.`);
    const bus = { name, arn: `${this.#options.arnPrefix}event-bus/${name}`, rules: new Map<string, Rule>() };
    this.#buses.set(name, bus);
    return bus;
  }

  deleteBus(name: string): void {
    if (name === DEFAULT_BUS) throw validation('Cannot delete event bus default.');
    for (const rule of this.#buses.get(name)?.rules.values() ?? []) rule.stop();
    this.#buses.delete(name);
  }

  /** Creates a rule, or replaces it with its targets kept. */
  putRule(definition: RuleDefinition, busName?: string): Rule {
    const bus = this.bus(busName);
    const { name, pattern, scheduleExpression } = definition;
    if (!/^[\w.-]{1,64}$/.test(name)) throw validation(`Rule name ${name} is not valid.`);
    if (pattern === undefined && scheduleExpression === undefined) {
      throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    }
    if (scheduleExpression !== undefined && bus.name !== DEFAULT_BUS) {
      throw validation('ScheduleExpression is supported only on the default event bus.');
    }
    const existing = bus.rules.get(name);
    const rule: Rule = {
      ...definition,
      busName: bus.name,
      arn: `${this.#options.arnPrefix}rule/${bus.name === DEFAULT_BUS ? '' : `${bus.name}/`}${name}`,
      matches: pattern === undefined ? undefined : compilePattern(pattern),
      schedule: scheduleExpression === undefined ? undefined : this.#parse(scheduleExpression),
      targets: existing?.targets ?? new Map(),
      stop: () => {},
    };
    existing?.stop();
    bus.rules.set(name, rule);
    const { schedule } = rule;
    if (schedule && rule.isEnabled) {
      rule.stop = this.#options.clock.add(schedule, (dueMs) => this.#options.onSchedule(rule, dueMs));
    }
    return rule;
  }

  deleteRule(name: string, busName?: string): void {
    const { rules } = this.bus(busName);
    rules.get(name)?.stop();
    rules.delete(name);
  }

  close(): void {
    for (const { rules } of this.#buses.values()) for (const rule of rules.values()) rule.stop();
  }

  #parse(expression: string): Schedule {
    try {
      if (expression.startsWith('at('))
        throw new ScheduleExpressionError(expression, 'at(…) is for schedules, not rules');
      return parseSchedule(expression, { startMs: this.#options.nowMs() });
    } catch (error) {
      if (!(error instanceof ScheduleExpressionError)) throw error;
      throw validation(`Parameter ScheduleExpression is not valid. ${error.message}`);
    }
  }
}

/** @throws AwsError InvalidEventPatternException */
export function compilePattern(pattern: unknown): MatchesEvent {
  try {
    return compileEventPattern(pattern);
  } catch (error) {
    if (!(error instanceof EventPatternError)) throw error;
    throw new AwsError('InvalidEventPatternException', error.message);
  }
}
