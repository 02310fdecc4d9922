import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalText } from '../lenient-members.ts';
import { compilePattern, type EventBus, type EventStore, type Rule, TARGETS_MAX, type Target } from './event-store.ts';
import { validation } from './events-error.ts';
import { requiredText } from './events-input.ts';
import { isKnownTarget } from './target-deliveries.ts';

/** Buses, rules and their targets. */
export function ruleOperations(store: EventStore, log: (message: string) => void): AwsService {
  const ruleOf = (input: Input, member = 'Name'): Rule =>
    store.rule(requiredText(input, member), optionalText(input, 'EventBusName'));
  const setEnabled = (input: Input, isEnabled: boolean): void => {
    const rule = ruleOf(input);
    store.putRule({ ...rule, isEnabled }, rule.busName);
  };
  return {
    CreateEventBus: (input) => ({ EventBusArn: store.createBus(requiredText(input, 'Name')).arn }),
    DeleteEventBus: (input) => store.deleteBus(requiredText(input, 'Name')),
    DescribeEventBus: (input) => describeBus(store.bus(optionalText(input, 'Name'))),
    ListEventBuses: (input) => {
      const prefix = optionalText(input, 'NamePrefix') ?? '';
      return {
        EventBuses: store
          .buses()
          .filter(({ name }) => name.startsWith(prefix))
          .map(describeBus),
      };
    },
    PutRule: (input) => {
      const pattern = optionalText(input, 'EventPattern');
      const scheduleExpression = optionalText(input, 'ScheduleExpression');
      const description = optionalText(input, 'Description');
      const roleArn = optionalText(input, 'RoleArn');
      const rule = store.putRule(
        {
          name: requiredText(input, 'Name'),
          isEnabled: optionalText(input, 'State') !== 'DISABLED',
          ...(pattern !== undefined && pattern !== '' && { pattern }),
          ...(scheduleExpression !== undefined && scheduleExpression !== '' && { scheduleExpression }),
          ...(description !== undefined && { description }),
          ...(roleArn !== undefined && { roleArn }),
        },
        optionalText(input, 'EventBusName'),
      );
      return { RuleArn: rule.arn };
    },
    DeleteRule: (input) => {
      const bus = store.bus(optionalText(input, 'EventBusName'));
      const name = requiredText(input, 'Name');
      if ((bus.rules.get(name)?.targets.size ?? 0) > 0) throw validation("Rule can't be deleted since it has targets.");
      store.deleteRule(name, bus.name);
    },
    DescribeRule: (input) => describeRule(ruleOf(input)),
    EnableRule: (input) => setEnabled(input, true),
    DisableRule: (input) => setEnabled(input, false),
    ListRules: (input) => {
      const { rules } = store.bus(optionalText(input, 'EventBusName'));
      const prefix = optionalText(input, 'NamePrefix') ?? '';
      return { Rules: [...rules.values()].filter(({ name }) => name.startsWith(prefix)).map(describeRule) };
    },
    PutTargets: (input) => {
      const rule = ruleOf(input, 'Rule');
      const targets = Array.isArray(input.Targets) ? (input.Targets as readonly Target[]) : [];
      const added = targets.filter(({ Id }) => !rule.targets.has(Id)).length;
      if (rule.targets.size + added > TARGETS_MAX) {
        throw new AwsError(
          'LimitExceededException',
          `The requested resource exceeds the maximum number allowed: ${TARGETS_MAX} targets for a rule, got ${rule.targets.size + added}.`,
        );
      }
      for (const target of targets) putTarget(rule, target, log);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input) => {
      const rule = ruleOf(input, 'Rule');
      const ids = Array.isArray(input.Ids) ? input.Ids.map(String) : [];
      const FailedEntries = ids
        .filter((id) => !rule.targets.delete(id))
        .map((TargetId) => ({
          TargetId,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: `Rule ${rule.name} does not have the target ${TargetId}.`,
        }));
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    },
    ListTargetsByRule: (input) => ({ Targets: [...ruleOf(input, 'Rule').targets.values()] }),
    TestEventPattern: (input) => {
      const matches = compilePattern(requiredText(input, 'EventPattern'));
      return { Result: matches(JSON.parse(requiredText(input, 'Event'))) };
    },
  };
}

/** Adds or replaces a target, and says where the twin will not reach it. */
export function putTarget(rule: Rule, target: Target, log: (message: string) => void): void {
  rule.targets.set(target.Id, target);
  if (isKnownTarget(target.Arn)) return;
  log(
    `the rule ${rule.name} does not reach its target ${target.Arn} in the twin: it knows functions, queues, topics, streams and event buses`,
  );
}

function describeBus({ name, arn }: EventBus): Record<string, unknown> {
  return { Name: name, Arn: arn };
}

function describeRule(rule: Rule): Record<string, unknown> {
  const { pattern } = rule;
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    EventPattern: pattern === undefined || typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
    ScheduleExpression: rule.scheduleExpression,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    RoleArn: rule.roleArn,
  };
}
