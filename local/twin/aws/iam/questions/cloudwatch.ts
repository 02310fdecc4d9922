import type { Input } from '../../aws-call.ts';
import type { Names } from '../names.ts';
import { ANY, type Ask, contextOf, each, member, type ServiceQuestions, texts } from '../question.ts';

const alarm = (input: Input, { arn }: Names): string => arn('cloudwatch', `alarm:${member(input, 'AlarmName')}`);

const alarms =
  (operation: string): Ask =>
  (input, { arn }) => {
    const names = texts(input, 'AlarmNames');
    return (names.length > 0 ? names : ['*']).map((name) => ({
      action: `cloudwatch:${operation}`,
      resource: arn('cloudwatch', `alarm:${name}`),
    }));
  };

export const CLOUDWATCH_QUESTIONS: ServiceQuestions = {
  ...each(
    'cloudwatch',
    ['DescribeAlarmsForMetric', 'GetMetricData', 'GetMetricStatistics', 'GetMetricWidgetImage', 'ListMetrics'],
    ANY,
  ),
  ...each('cloudwatch', ['PutMetricData'], ANY, (input) =>
    contextOf({ 'cloudwatch:namespace': () => member(input, 'Namespace') || undefined }),
  ),
  ...each('cloudwatch', ['PutMetricAlarm', 'SetAlarmState'], alarm),
  DeleteAlarms: alarms('DeleteAlarms'),
  DescribeAlarms: alarms('DescribeAlarms'),
  DisableAlarmActions: alarms('DisableAlarmActions'),
  EnableAlarmActions: alarms('EnableAlarmActions'),
};
