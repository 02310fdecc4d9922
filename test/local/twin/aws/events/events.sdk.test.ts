import * as sdk from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, queueArn, type RunningAws, region, runAws } from '../../../../support/running-aws.ts';

const functionArn = `arn:aws:lambda:${region}:${accountId}:function:listener`;
const busArn = (name: string) => `arn:aws:events:${region}:${accountId}:event-bus/${name}`;

describe('EventBridge by the SDK', () => {
  let running: RunningAws;
  let events: sdk.EventBridgeClient;
  beforeAll(async () => {
    running = await runAws();
    events = new sdk.EventBridgeClient(running.clientOptions());
    for (const QueueName of ['orders', 'letters']) await running.aws.call('sqs', 'CreateQueue', { QueueName });
  });
  afterAll(async () => {
    events.destroy();
    await running.aws.close();
  });

  const rule = async (Name: string, pattern: object, targets: Partial<sdk.Target>[], EventBusName?: string) => {
    const EventPattern = JSON.stringify(pattern);
    const { RuleArn } = await events.send(new sdk.PutRuleCommand({ Name, EventPattern, EventBusName }));
    const Targets = targets.map((target, index) => ({ Id: `t${index}`, Arn: functionArn, ...target }));
    await events.send(new sdk.PutTargetsCommand({ Rule: Name, EventBusName, Targets }));
    return RuleArn;
  };
  const put = (...Entries: sdk.PutEventsRequestEntry[]) => events.send(new sdk.PutEventsCommand({ Entries }));
  const entry = (Source: string, detail: object = {}, more: object = {}) => ({
    Source,
    DetailType: 'Thing happened',
    Detail: JSON.stringify(detail),
    ...more,
  });
  const receive = async (name: string) => {
    const input = { QueueUrl: name, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 };
    const { Messages = [] } = await running.aws.call('sqs', 'ReceiveMessage', input);
    return Messages as { Body: string; MessageAttributes?: Record<string, { StringValue?: string }> }[];
  };

  it('brings an event to the functions and queues of the rules that it matches', async () => {
    const invoked: unknown[] = [];
    running.onInvoke(async (name, event) => {
      invoked.push([name, event]);
      return { ok: true, payload: null };
    });
    await rule('to-function', { source: ['shop'], detail: { total: [{ numeric: ['>', 10] }] } }, [{}]);
    await rule('to-queue', { source: ['shop'] }, [{ Arn: queueArn('orders'), InputPath: '$.detail' }]);
    const Time = new Date('2026-11-22T04:00:00Z');
    const { FailedEntryCount, Entries } = await put(
      entry('shop', { total: 11 }, { Time, Resources: ['arn:r'] }),
      entry('shop', { total: 10 }),
      entry('other', { total: 99 }),
    );
    expect([FailedEntryCount, Entries?.length]).toEqual([0, 3]);
    await expect.poll(() => invoked.length).toBe(1);
    expect(invoked[0]).toEqual([
      functionArn,
      {
        version: '0',
        id: Entries?.[0]?.EventId,
        'detail-type': 'Thing happened',
        source: 'shop',
        account: accountId,
        time: '2026-11-22T04:00:00Z',
        region,
        resources: ['arn:r'],
        detail: { total: 11 },
      },
    ]);
    expect((await receive('orders')).map(({ Body }) => JSON.parse(Body))).toEqual([{ total: 11 }, { total: 10 }]);
  });

  it('hands events on to another bus', async () => {
    await events.send(new sdk.CreateEventBusCommand({ Name: 'archive' }));
    await rule('forward', { source: ['forwarded'] }, [
      { Arn: busArn('archive'), RoleArn: 'arn:aws:iam::000000000000:role/r' },
    ]);
    const RuleArn = await rule('keep', { source: ['forwarded'] }, [{ Arn: queueArn('orders') }], 'archive');
    expect(RuleArn).toBe(`arn:aws:events:${region}:${accountId}:rule/archive/keep`);
    await put(entry('forwarded', { id: 1 }));
    expect(JSON.parse((await receive('orders'))[0]?.Body ?? '')).toMatchObject({
      source: 'forwarded',
      detail: { id: 1 },
    });
  });

  it('brings what a target refuses to its dead-letter queue', async () => {
    const DeadLetterConfig = { Arn: queueArn('letters') };
    const RuleArn = await rule('refused', { source: ['lost'] }, [{ Arn: queueArn('not-there'), DeadLetterConfig }]);
    await put(entry('lost', { id: 2 }));
    const [letter] = await receive('letters');
    expect(JSON.parse(letter?.Body ?? '')).toMatchObject({ source: 'lost', detail: { id: 2 } });
    expect(letter?.MessageAttributes).toMatchObject({
      RULE_ARN: { StringValue: RuleArn },
      ERROR_CODE: { StringValue: 'AWS.SimpleQueueService.NonExistentQueue' },
    });
  });

  it('does nothing for a rule that is disabled, and describes, lists and deletes rules', async () => {
    await rule('off', { source: ['quiet'] }, [{ Arn: queueArn('orders') }]);
    await events.send(new sdk.DisableRuleCommand({ Name: 'off' }));
    await put(entry('quiet'));
    expect(await receive('orders')).toEqual([]);
    expect(await events.send(new sdk.DescribeRuleCommand({ Name: 'off' }))).toMatchObject({ State: 'DISABLED' });
    const { Rules } = await events.send(new sdk.ListRulesCommand({ NamePrefix: 'off' }));
    expect(Rules?.map(({ Name }) => Name)).toEqual(['off']);
    await expect(events.send(new sdk.DeleteRuleCommand({ Name: 'off' }))).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
    await events.send(new sdk.RemoveTargetsCommand({ Rule: 'off', Ids: ['t0'] }));
    await events.send(new sdk.DeleteRuleCommand({ Name: 'off' }));
    await expect(events.send(new sdk.DescribeRuleCommand({ Name: 'off' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule off does not exist on EventBus default.',
    });
  });

  it('refuses entries one by one', async () => {
    const { FailedEntryCount, Entries } = await put(
      entry('', {}),
      { ...entry('shop'), Detail: '[1]' },
      entry('aws.ec2'),
      entry('nobody-listens'),
    );
    expect(FailedEntryCount).toBe(3);
    expect(Entries).toMatchObject([
      {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
      },
      { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
      { EventId: expect.any(String) },
    ]);
  });

  const big = (bytes: number) => entry('s', {}, { DetailType: 't', Detail: `{"x":"${'x'.repeat(bytes - 10)}"}` });
  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'eleven entries',
      () => put(...Array.from({ length: 11 }, () => entry('s'))),
      'ValidationException',
      "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
    [
      'entries of 1 MiB',
      () => put(big(1_048_576)),
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    ],
    [
      'a rule without pattern and schedule',
      () => events.send(new sdk.PutRuleCommand({ Name: 'x' })),
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    ],
    [
      'a schedule on a bus of its own',
      () =>
        events.send(new sdk.PutRuleCommand({ Name: 'x', EventBusName: 'archive', ScheduleExpression: 'rate(1 day)' })),
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    ],
    [
      'a schedule that is none',
      () => events.send(new sdk.PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 days)' })),
      'ValidationException',
      "Parameter ScheduleExpression is not valid. the schedule expression 'rate(1 days)' is not valid: rate needs a number from 1 and a unit, as in rate(1 minute), rate(2 hours) or rate(7 days)",
    ],
    [
      'a pattern that is none',
      () => rule('x', { source: 'shop' }, []),
      'InvalidEventPatternException',
      'Event pattern is not valid. Reason: "source" must be an object or an array',
    ],
    [
      'a bus that is not there',
      () => rule('x', { source: ['s'] }, [], 'nothing'),
      'ResourceNotFoundException',
      'Event bus nothing does not exist.',
    ],
    [
      'six targets',
      () => rule('x', { source: ['s'] }, [{}, {}, {}, {}, {}, {}]),
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed: 5 targets for a rule, got 6.',
    ],
  ])('fails on %s', async (_what, send, name, message) => {
    await expect(send()).rejects.toMatchObject({ name, message });
  });

  it('takes entries of just less than 1 MiB', async () => {
    expect((await put(big(1_048_573))).FailedEntryCount).toBe(0);
  });
});
