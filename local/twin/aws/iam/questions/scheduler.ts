import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { type Ask, contextOf, each, member, objectOf, type Question, type ServiceQuestions } from '../question.ts';

function scheduleOf(input: Input, { arn }: Names): string {
  return arn('scheduler', `schedule/${member(input, 'GroupName') || 'default'}/${member(input, 'Name')}`);
}

const groupOf = (input: Input, { arn }: Names): string => arn('scheduler', `schedule-group/${member(input, 'Name')}`);

/** Who gives a schedule a role must be allowed to pass it on. */
const withRole =
  (operation: string): Ask =>
  (input, names) => {
    const own: Question = { action: `scheduler:${operation}`, resource: scheduleOf(input, names) };
    const role = member(objectOf(input.Target), 'RoleArn');
    const pass: Question = {
      action: 'iam:PassRole',
      resource: role,
      context: contextOf({ 'iam:passedtoservice': () => 'scheduler.amazonaws.com' }),
    };
    return role === '' ? [own] : [own, pass];
  };

export const SCHEDULER_QUESTIONS: ServiceQuestions = {
  ...each('scheduler', ['ListSchedules'], (input, { arn }) =>
    arn('scheduler', `schedule/${member(input, 'GroupName') || '*'}/*`),
  ),
  ...each('scheduler', ['ListScheduleGroups'], (_input, { arn }) => arn('scheduler', 'schedule-group/*')),
  ...each('scheduler', ['DeleteSchedule', 'GetSchedule'], scheduleOf),
  ...each('scheduler', ['CreateScheduleGroup', 'DeleteScheduleGroup', 'GetScheduleGroup'], groupOf),
  ...each('scheduler', ['ListTagsForResource', 'TagResource', 'UntagResource'], (input) =>
    member(input, 'ResourceArn'),
  ),
  CreateSchedule: withRole('CreateSchedule'),
  UpdateSchedule: withRole('UpdateSchedule'),
};
