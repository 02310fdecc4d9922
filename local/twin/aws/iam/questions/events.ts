import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, contextOf, distinct, each, entries, member, type ServiceQuestions } from '../question.ts';

const busOf = (input: Input, name: string, { named }: Names): string =>
  named('events', 'event-bus/', member(input, name) || 'default');

/** Rules of the default bus have no bus in their ARN. */
function ruleOf(input: Input, { arn }: Names): string {
  const bus = member(input, 'EventBusName').split('/').at(-1) ?? '';
  const name = member(input, 'Name') || member(input, 'Rule');
  return arn('events', `rule/${bus === '' || bus === 'default' ? '' : `${bus}/`}${name}`);
}

/** Each entry is asked about with its own source and type, on its own bus. */
const putEvents: Ask = (input, names) => {
  const questions = entries(input, 'Entries').map((entry) => ({
    action: 'events:PutEvents',
    resource: busOf(entry, 'EventBusName', names),
    context: contextOf({
      'events:detail-type': () => member(entry, 'DetailType') || undefined,
      'events:eventbusinvocation': () => 'false',
      'events:source': () => member(entry, 'Source') || undefined,
    }),
  }));
  return questions;
};

export const EVENTS_QUESTIONS: ServiceQuestions = {
  ...each('events', ['ListEventBuses', 'TestEventPattern'], ANY),
  ...each('events', ['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus', 'UpdateEventBus'], (input, names) =>
    busOf(input, 'Name', names),
  ),
  ...each('events', ['ListRules', 'PutPermission', 'RemovePermission'], (input, names) =>
    busOf(input, 'EventBusName', names),
  ),
  ...each(
    'events',
    ['DeleteRule', 'DescribeRule', 'DisableRule', 'EnableRule', 'ListTargetsByRule', 'PutTargets', 'RemoveTargets'],
    ruleOf,
  ),
  ...each('events', ['PutRule'], ruleOf),
  ListRuleNamesByTarget: (_input, { arn }) =>
    distinct([{ action: 'events:ListRuleNamesByTarget', resource: arn('events', 'rule/*') }]),
  PutEvents: putEvents,
};
