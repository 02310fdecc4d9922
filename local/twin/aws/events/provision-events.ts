import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { DEFAULT_BUS, type EventStore, type Target } from './event-store.ts';
import { putTarget } from './rule-operations.ts';
import { parseSchedule } from './schedule-expression.ts';
import type { ScheduleDefinition, Schedules, ScheduleTarget } from './schedules.ts';
import { isKnownTarget } from './target-deliveries.ts';

/** Brings buses, rules and schedules to what the templates declare. */
export class EventProvisioner {
  readonly #store: EventStore;
  readonly #schedules: Schedules;
  readonly #log: (message: string) => void;
  readonly #scheduleArnPrefix: string;
  /** `<bus>|<rule>` → its properties as JSON: a rate of a rule that has not changed keeps its beat. */
  #declared = new Map<string, string>();

  constructor(store: EventStore, schedules: Schedules, scheduleArnPrefix: string, log: (message: string) => void) {
    this.#store = store;
    this.#scheduleArnPrefix = scheduleArnPrefix;
    this.#schedules = schedules;
    this.#log = log;
  }

  /** @throws TwinError that names the resource. */
  provision(resources: readonly ResolvedResource[]): void {
    for (const { type, physicalId } of resources) {
      if (type === 'AWS::Events::EventBus' && !this.#store.findBus(physicalId)) this.#store.createBus(physicalId);
    }
    const declared = new Map<string, string>();
    for (const resource of resources) {
      if (resource.type === 'AWS::Events::Rule') naming(resource, () => this.#rule(resource, declared));
    }
    for (const key of this.#declared.keys()) {
      const [bus = DEFAULT_BUS, name = ''] = key.split('|');
      if (!declared.has(key)) this.#store.deleteRule(name, bus);
    }
    this.#declared = declared;
    const schedules = resources.filter(({ type }) => type === 'AWS::Scheduler::Schedule');
    const prefix = this.#scheduleArnPrefix;
    this.#schedules.replace(schedules.map((resource) => naming(resource, () => definitionOf(resource, prefix))));
  }

  #rule({ physicalId, properties }: ResolvedResource, declared: Map<string, string>): void {
    const { EventBusName, EventPattern, ScheduleExpression, State, RoleArn, Description, Targets } = properties;
    const bus = this.#store.bus(EventBusName === undefined ? undefined : String(EventBusName));
    // `Ref` of a rule of another bus than the default one is `<bus>|<rule>`.
    const name = physicalId.slice(physicalId.indexOf('|') + 1);
    const key = `${bus.name}|${name}`;
    const text = JSON.stringify(properties);
    declared.set(key, text);
    if (this.#declared.get(key) === text) return;
    const rule = this.#store.putRule(
      {
        name,
        isEnabled: State !== 'DISABLED',
        ...(EventPattern !== undefined && { pattern: EventPattern }),
        ...(ScheduleExpression !== undefined && { scheduleExpression: String(ScheduleExpression) }),
        ...(RoleArn !== undefined && { roleArn: String(RoleArn) }),
        ...(Description !== undefined && { description: String(Description) }),
      },
      bus.name,
    );
    rule.targets.clear();
    for (const target of (Targets ?? []) as readonly Target[]) putTarget(rule, target, this.#log);
  }
}

/** @throws TwinError, ScheduleExpressionError */
function definitionOf(resource: ResolvedResource, arnPrefix: string): ScheduleDefinition {
  const { path, properties, physicalId } = resource;
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, State, GroupName } = properties;
  const target = properties.Target as ScheduleTarget;
  const expression = String(ScheduleExpression);
  const timezone = String(ScheduleExpressionTimezone ?? 'UTC');
  parseSchedule(expression, { startMs: 0, timezone });
  if (!isKnownTarget(target.Arn)) {
    throw new TwinError(
      'unsupported-property',
      `the schedule ${path} has the target ${target.Arn}, which the twin cannot call; it knows functions, queues, topics, streams and event buses`,
    );
  }
  return {
    arn: `${arnPrefix}${String(GroupName ?? 'default')}/${physicalId}`,
    expression,
    timezone,
    startMs: timeOf(StartDate),
    endMs: timeOf(EndDate),
    isEnabled: State !== 'DISABLED',
    target,
  };
}

function timeOf(date: unknown): number | undefined {
  return date === undefined ? undefined : Date.parse(String(date));
}

function naming<T>({ path, type }: ResolvedResource, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TwinError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TwinError('invalid-template', `${type} ${path} cannot be created: ${reason}`);
  }
}
