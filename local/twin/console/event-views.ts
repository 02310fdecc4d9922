import type { ResolvedResource } from '../assembly/resolved-resource.ts';
import { DEFAULT_BUS, type EventStore, type Rule } from '../aws/events/event-store.ts';
import type { TopicStore } from '../aws/sns/topic-store.ts';
import type { EventSourceStatus } from '../functions/event-sources/event-sources.ts';
import type { ResourceLabels } from './resource-labels.ts';

/** An event source mapping as the console shows it. */
export interface EventSourceView {
  readonly kind: 'queue' | 'stream' | 'table stream';
  readonly source: string;
  readonly target: string;
  /** Records or messages that were put and not yet done with. */
  readonly backlog: number;
}

export interface TopicView {
  readonly name: string;
  readonly label: string;
  readonly subscriptions: readonly {
    readonly protocol: string;
    readonly endpoint: string;
    readonly isFiltered: boolean;
  }[];
}

/** A rule of a bus, or a schedule of EventBridge Scheduler. */
export interface RuleView {
  readonly label: string;
  /** `undefined` for a schedule, which has no bus. */
  readonly bus: string | undefined;
  /** The schedule, or the pattern as JSON. */
  readonly when: string;
  readonly isEnabled: boolean;
  readonly nextMs: number | undefined;
  readonly targets: readonly string[];
}

export function eventSourceViews(sources: readonly EventSourceStatus[], labels: ResourceLabels): EventSourceView[] {
  return sources.map(({ functionName, streamArn, backlog }) => ({
    kind: kindOf(streamArn),
    source: labels.ofArn(streamArn),
    target: labels.of('lambda', functionName),
    backlog,
  }));
}

function kindOf(arn: string): EventSourceView['kind'] {
  const service = arn.split(':')[2];
  if (service === 'sqs') return 'queue';
  return service === 'dynamodb' ? 'table stream' : 'stream';
}

export function topicViews(topics: TopicStore, labels: ResourceLabels): TopicView[] {
  return topics.topics().map(({ name, subscriptions }) => ({
    name,
    label: labels.of('sns', name),
    subscriptions: subscriptions.map(({ protocol, endpoint, attributes }) => ({
      protocol,
      endpoint: labels.ofArn(endpoint),
      isFiltered: attributes.FilterPolicy !== undefined,
    })),
  }));
}

export function ruleViews(events: EventStore, labels: ResourceLabels, nowMs: number): RuleView[] {
  return events.buses().flatMap((bus) =>
    [...bus.rules.values()].map((rule) => ({
      label: ruleLabel(rule, labels),
      bus: labels.of('event-bus', bus.name),
      when: [rule.scheduleExpression, rule.pattern === undefined ? undefined : JSON.stringify(rule.pattern)]
        .filter((part) => part !== undefined)
        .join(' or '),
      isEnabled: rule.isEnabled,
      nextMs: rule.isEnabled ? rule.schedule?.next(nowMs) : undefined,
      targets: [...rule.targets.values()].map(({ Arn }) => labels.ofArn(Arn)),
    })),
  );
}

/** Templates know a rule of another bus than the default one as `<bus>|<rule>`. */
function ruleLabel({ busName, name }: Rule, labels: ResourceLabels): string {
  const ref = busName === DEFAULT_BUS ? name : `${busName}|${name}`;
  const label = labels.of('rule', ref);
  return label === ref ? name : label;
}

/** Schedules have no API in the twin: they are what the templates say. */
export function scheduleViews(resources: readonly ResolvedResource[], labels: ResourceLabels): RuleView[] {
  return resources
    .filter(({ type }) => type === 'AWS::Scheduler::Schedule')
    .map(({ physicalId, properties }) => {
      const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } = properties;
      const zone = ScheduleExpressionTimezone === undefined ? '' : ` ${String(ScheduleExpressionTimezone)}`;
      return {
        label: physicalId,
        bus: undefined,
        when: `${String(ScheduleExpression)}${zone}`,
        isEnabled: State !== 'DISABLED',
        nextMs: undefined,
        targets: [labels.ofArn(String((Target as { Arn?: unknown } | undefined)?.Arn))],
      };
    });
}
