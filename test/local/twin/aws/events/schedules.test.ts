import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../../local/twin/assembly/resolved-resource.ts';
import { AwsError } from '../../../../../local/twin/aws/aws-error.ts';
import type { AwsContext } from '../../../../../local/twin/aws/aws-room.ts';
import { type EventsRoom, startEvents } from '../../../../../local/twin/aws/events/events-room.ts';
import type { Principal } from '../../../../../local/twin/aws/principal.ts';
import { accountId, region, resource } from '../../../../support/running-aws.ts';
import { VirtualTime } from '../../../../support/virtual-time.ts';

const MINUTE = 60_000;
const functionArn = `arn:aws:lambda:${region}:${accountId}:function:tick`;
const RoleArn = `arn:aws:iam::${accountId}:role/scheduler`;

interface Call {
  readonly at: string;
  readonly to: string;
  readonly input: unknown;
  readonly principal: Principal | undefined;
}

describe('schedules of rules and of EventBridge Scheduler', () => {
  let time: VirtualTime;
  let room: EventsRoom;
  let calls: Call[];
  let log: string[];
  let fail: () => AwsError | undefined;
  const start = (...resources: ResolvedResource[]): EventsRoom => {
    calls = [];
    log = [];
    fail = () => undefined;
    const note = (to: string, input: unknown, principal: Principal | undefined) =>
      calls.push({ at: new Date(time.nowMs()).toISOString().slice(11, 19), to, input, principal });
    room = startEvents(
      {
        region,
        accountId,
        nowMs: time.nowMs,
        log: (line) => log.push(line),
        invoke: async () => ({ ok: true, payload: null }),
        database: undefined,
        invokeAsync: async (name, event, principal) => {
          note(name, event, principal);
          return { ok: true };
        },
        callAws: async (service, operation, input, principal) => {
          const error = operation === 'SendMessage' && !('MessageAttributes' in input) ? fail() : undefined;
          note(`${service}:${operation}`, input, principal);
          if (error) throw error;
          return {};
        },
      } satisfies AwsContext,
      time.setTimer,
    );
    room.provision(resources);
    return room;
  };
  beforeEach(() => {
    time = new VirtualTime(Date.parse('2026-11-22T04:00:00Z'));
  });
  afterEach(async () => {
    await room.close?.();
    expect(time.timers).toBe(0);
  });
  const schedule = (properties: object, target: object = {}) =>
    resource('AWS::Scheduler::Schedule', 'tick', {
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: functionArn, RoleArn, ...target },
      ...properties,
    });
  const rule = (properties: object) =>
    resource('AWS::Events::Rule', 'beat', { Targets: [{ Id: 'a', Arn: functionArn }], ...properties });

  it('sends a scheduled event to the targets of a rule, in its own name', () => {
    start(rule({ ScheduleExpression: 'rate(5 minutes)' }));
    time.advance(10 * MINUTE);
    expect(calls.map(({ at }) => at)).toEqual(['04:05:00', '04:10:00']);
    const sourceArn = `arn:aws:events:${region}:${accountId}:rule/beat`;
    expect(calls[0]).toMatchObject({
      to: functionArn,
      principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn },
      input: { 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [sourceArn], detail: {} },
    });
  });

  it('keeps the beat of a rule that stays as it is, and stops one that is disabled or gone', () => {
    start(rule({ ScheduleExpression: 'rate(5 minutes)' }));
    time.advance(3 * MINUTE);
    room.provision([rule({ ScheduleExpression: 'rate(5 minutes)' })]);
    time.advance(2 * MINUTE);
    expect(calls).toHaveLength(1);
    room.provision([rule({ ScheduleExpression: 'rate(5 minutes)', State: 'DISABLED' })]);
    expect(time.timers).toBe(0);
    room.provision([rule({ ScheduleExpression: 'rate(5 minutes)' })]);
    expect(time.timers).toBe(1);
    room.provision([]);
    expect(time.timers).toBe(0);
  });

  it('calls the target of a schedule as its role, with what the schedule knows of itself', () => {
    const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}';
    start(
      schedule({ ScheduleExpression: 'cron(30 5 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' }, { Input }),
    );
    time.advance(60 * MINUTE);
    expect(calls).toEqual([
      {
        at: '04:30:00',
        to: functionArn,
        principal: {
          kind: 'role',
          roleArn: RoleArn,
          sessionName: 'scheduler',
          assumedBy: 'scheduler.amazonaws.com',
          // What the CDK has its roles trust: the group, not the schedule.
          sourceArn: `arn:aws:scheduler:${region}:${accountId}:schedule-group/default`,
        },
        input: {
          at: '2026-11-22T04:30:00Z',
          by: `arn:aws:scheduler:${region}:${accountId}:schedule/default/tick`,
        },
      },
    ]);
  });

  it('begins a rate at once, and keeps within start and end', () => {
    start(schedule({ ScheduleExpression: 'rate(1 minute)' }));
    time.advance(2 * MINUTE);
    expect(calls).toHaveLength(3);
    const at = (minutes: number) => new Date(time.nowMs() + minutes * MINUTE).toISOString();
    room.provision([schedule({ ScheduleExpression: 'rate(1 minute)', StartDate: at(10), EndDate: at(12) })]);
    time.advance(60 * MINUTE);
    expect(calls).toHaveLength(6);
    expect(time.timers).toBe(0);
  });

  it('runs at(…) once, and nothing that is disabled', () => {
    const when = new Date(time.nowMs() + MINUTE).toISOString().slice(0, 19);
    start(schedule({ ScheduleExpression: `at(${when})` }));
    time.advance(60 * MINUTE);
    expect(calls).toHaveLength(1);
    room.provision([schedule({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' })]);
    time.advance(MINUTE);
    expect(calls).toHaveLength(1);
  });

  it('hands an input that is no JSON to a function as a text', () => {
    start(schedule({ ScheduleExpression: 'rate(1 day)' }, { Input: 'wake up' }));
    time.advance(0);
    expect(calls.map(({ input }) => input)).toEqual(['wake up']);
  });

  it('reaches queues, topics, streams and buses', () => {
    const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${accountId}:${name}`;
    const targets: [string, object, object][] = [
      [
        arn('sqs', 'q.fifo'),
        { SqsParameters: { MessageGroupId: 'g' } },
        { MessageBody: '{"a":1}', MessageGroupId: 'g' },
      ],
      [arn('sns', 't'), {}, { TopicArn: arn('sns', 't'), Message: '{"a":1}' }],
      [
        arn('kinesis', 'stream/s'),
        { KinesisParameters: { PartitionKey: 'p' } },
        { PartitionKey: 'p', Data: 'eyJhIjoxfQ==' },
      ],
      [
        arn('events', 'event-bus/default'),
        { EventBridgeParameters: { DetailType: 'Tick', Source: 'clock' } },
        { Entries: [{ DetailType: 'Tick', Source: 'clock', Detail: '{"a":1}' }] },
      ],
    ];
    for (const [Arn, more, expected] of targets) {
      start(schedule({ ScheduleExpression: 'rate(1 day)' }, { Arn, Input: '{"a":1}', ...more }));
      time.advance(0);
      expect(calls.map(({ input }) => input)).toMatchObject([expected]);
      room.close?.();
    }
  });

  it('tries again what may pass, and then writes a dead letter', async () => {
    const queue = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
    const more = {
      Arn: queue('q'),
      DeadLetterConfig: { Arn: queue('dead') },
      RetryPolicy: { MaximumRetryAttempts: 2 },
    };
    start(schedule({ ScheduleExpression: 'rate(1 day)' }, more));
    fail = () => new AwsError('InternalFailure', 'down', { statusCode: 500 });
    await time.advanceAsync(10_000, 1_000);
    expect(calls).toHaveLength(4);
    expect(calls[3]?.input).toMatchObject({
      QueueUrl: `https://sqs.${region}.amazonaws.com/${accountId}/dead`,
      MessageAttributes: {
        ERROR_CODE: { StringValue: 'InternalFailure' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
        RETRY_ATTEMPTS: { StringValue: '2' },
      },
    });
  });

  it('fails on a target that it cannot call, and on an expression that is none', () => {
    start();
    const Arn = 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances';
    expect(() => room.provision([schedule({ ScheduleExpression: 'rate(1 day)' }, { Arn })])).toThrow(
      `the schedule tick has the target ${Arn}, which the twin cannot call; it knows functions, queues, topics, streams and event buses`,
    );
    expect(() => room.provision([schedule({ ScheduleExpression: 'rate(1 days)' })])).toThrow(
      "AWS::Scheduler::Schedule tick cannot be created: the schedule expression 'rate(1 days)' is not valid: rate needs",
    );
  });
});
