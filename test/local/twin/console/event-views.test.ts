import { describe, expect, it } from 'vitest';
import { EventStore } from '../../../../local/twin/aws/events/event-store.ts';
import { ScheduleClock } from '../../../../local/twin/aws/events/schedule-clock.ts';
import { TopicStore } from '../../../../local/twin/aws/sns/topic-store.ts';
import { eventSourceViews, ruleViews, scheduleViews, topicViews } from '../../../../local/twin/console/event-views.ts';
import { resourceLabels } from '../../../../local/twin/console/resource-labels.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';
import { functionArn } from '../../../support/running-api.ts';
import { queueArn, resource } from '../../../support/running-aws.ts';

const labels = resourceLabels([{ ...resource('AWS::Lambda::Function', 'worker', {}), path: 'Work/Worker/Resource' }]);

describe('eventSourceViews', () => {
  it.each([
    [queueArn('work'), 'queue', 'work'],
    ['arn:aws:kinesis:eu-west-1:0:stream/events', 'stream', 'events'],
    ['arn:aws:dynamodb:eu-west-1:0:table/posts/stream/now', 'table stream', 'posts'],
  ])('says of %s what it is and how far its function is behind', (streamArn, kind, source) => {
    const status = { logicalId: 'Source', functionName: 'worker', streamArn, backlog: 7 };
    expect(eventSourceViews([status], labels)).toEqual([{ kind, source, target: 'Work/Worker', backlog: 7 }]);
  });
});

describe('topicViews', () => {
  it('shows subscriptions, and which of them filter', () => {
    const topics = new TopicStore('arn:aws:sns:eu-west-1:0:');
    const topic = topics.create('news', {}, {});
    const FilterPolicy = '{"kind":["order"]}';
    topics.subscribe({ topic, protocol: 'lambda', endpoint: functionArn('worker'), attributes: {} });
    topics.subscribe({ topic, protocol: 'sqs', endpoint: queueArn('inbox'), attributes: { FilterPolicy } });
    expect(topicViews(topics, labels)).toEqual([
      {
        name: 'news',
        label: 'news',
        subscriptions: [
          { protocol: 'lambda', endpoint: 'Work/Worker', isFiltered: false },
          { protocol: 'sqs', endpoint: 'inbox', isFiltered: true },
        ],
      },
    ]);
  });
});

describe('ruleViews', () => {
  const timers = new ManualTimers();
  const nowMs = () => timers.clock.now();
  const events = new EventStore({
    arnPrefix: 'arn:aws:events:eu-west-1:0:',
    nowMs,
    clock: new ScheduleClock(nowMs, timers.setTimer),
    onSchedule: () => {},
  });
  const beat = events.putRule({ name: 'beat', scheduleExpression: 'rate(1 minute)', isEnabled: true });
  beat.targets.set('1', { Id: '1', Arn: functionArn('worker') });
  events.putRule({ name: 'asleep', scheduleExpression: 'rate(1 minute)', isEnabled: false });
  events.createBus('shop');
  events.putRule({ name: 'orders', pattern: { source: ['shop'] }, isEnabled: true }, 'shop');
  const views = ruleViews(events, labels, nowMs());

  it('shows when a schedule runs next, and whom it calls', () => {
    expect(views[0]).toEqual({
      label: 'beat',
      bus: 'default',
      when: 'rate(1 minute)',
      isEnabled: true,
      nextMs: nowMs() + 60_000,
      targets: ['Work/Worker'],
    });
  });

  it('says of a rule that is disabled no time', () => {
    expect(views[1]).toMatchObject({ label: 'asleep', isEnabled: false, nextMs: undefined });
  });

  it('shows a pattern as JSON, and its bus', () => {
    expect(views[2]).toMatchObject({ label: 'orders', bus: 'shop', when: '{"source":["shop"]}', targets: [] });
  });
});

describe('scheduleViews', () => {
  it('shows the schedules of the templates', () => {
    const properties = {
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'DISABLED',
      Target: { Arn: functionArn('worker') },
    };
    expect(scheduleViews([resource('AWS::Scheduler::Schedule', 'nightly', properties)], labels)).toEqual([
      {
        label: 'nightly',
        bus: undefined,
        when: 'cron(0 6 * * ? *) Europe/Berlin',
        isEnabled: false,
        nextMs: undefined,
        targets: ['Work/Worker'],
      },
    ]);
  });
});
