import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseRedriveArguments, runRedrive } from '../../bin/redrive.ts';
import { queueArn, type RunningAws, resource, runAws } from '../support/running-aws.ts';

const STACK_UUID = '12345678-1234-1234-1234-1234567890ab';
const HOST = 'https://sqs.eu-west-1.amazonaws.com/000000000000';
const DEAD = 'SpillwayDevData-VideoWorkDeadLetters1A2B-3C4D5E6F7G8H';
const SOURCE = `video-1a2b3c4d-${STACK_UUID}`;

describe('parseRedriveArguments', () => {
  it('lists by default', () => {
    expect(parseRedriveArguments(['--queue', 'video'])).toEqual({
      queue: 'video',
      stage: 'dev',
      endpoint: undefined,
      error: undefined,
      beforeMs: undefined,
      afterMs: undefined,
      inspect: undefined,
      maxRate: undefined,
      dryRun: false,
      max: undefined,
      stopRatio: 0.1,
      watchSeconds: 30,
    });
  });

  it('reads rates, times and filters', () => {
    const args = [
      '--queue',
      'notifications',
      '--max-rate',
      '0.5',
      '--dry-run',
      '--error',
      '/time.?out/i',
      '--max',
      '7',
    ];
    const times = ['--before', '2026-11-22T10:00:00Z', '--after', '2026-11-21', '--watch', '0', '--stop-ratio', '1'];
    expect(parseRedriveArguments([...args, ...times])).toMatchObject({
      queue: 'notifications',
      maxRate: 0.5,
      dryRun: true,
      error: '/time.?out/i',
      max: 7,
      beforeMs: Date.UTC(2026, 10, 22, 10),
      afterMs: Date.UTC(2026, 10, 21),
      watchSeconds: 0,
      stopRatio: 1,
    });
  });

  it('wants nothing where help is asked for', () => {
    expect(parseRedriveArguments(['--help'])).toBeUndefined();
  });

  it.each([
    [[], '--queue must be one of video, activity, or a consumer such as notifications, got none'],
    [['--queue', 'Video'], "got 'Video'"],
    ...['0', '-1', 'NaN', 'Infinity', '1001', ' '].map((rate) => [
      ['--queue', 'video', `--max-rate=${rate}`],
      `--max-rate must be a number above 0, at most 1000, got '${rate}'`,
    ]),
    ...['0', '-1', '1.5', 'NaN'].map((max) => [
      ['--queue', 'video', `--max=${max}`],
      `--max must be a whole number of at least 1, got '${max}'`,
    ]),
    [['--queue', 'video', '--stop-ratio', '1.1'], "--stop-ratio must be a number above 0, at most 1, got '1.1'"],
    [['--queue', 'video', '--before', 'noon'], "--before must be a time such as 2026-11-22T10:00:00Z, got 'noon'"],
    [['--queue', 'video', '--error', '/(/'], "--error must be a text or an /expression/, got '/(/'"],
    [
      ['--queue', 'video', '--inspect', '1', '--max-rate', '1'],
      '--inspect shows, and --max-rate redrives; leave one out',
    ],
    [['--queue', 'video', '--endpoint', 'here'], '--endpoint must be a URL such as http://127.0.0.1:4566'],
    [['--kew', 'video'], "Unknown option '--kew'"],
  ] as [string[], string][])('fails for %j with exit code 2', (args, message) => {
    expect(() => parseRedriveArguments(args)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }),
    );
  });
});

describe('runRedrive', () => {
  let running: RunningAws;
  let client: SQSClient;
  const url = (name: string) => `${HOST}/${name}`;
  const queue = (name: string, properties: Record<string, unknown> = {}) =>
    resource('AWS::SQS::Queue', url(name), properties);

  beforeAll(async () => {
    running = await runAws();
    client = new SQSClient({ ...running.clientOptions(), useQueueUrlAsEndpoint: false });
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });
  beforeEach(async () => {
    const dead = (arn: string) => ({ RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 8 } });
    await running.aws.provision([
      queue(DEAD),
      queue(SOURCE, dead(queueArn(DEAD))),
      // Another stage's, and one of another name.
      queue('SpillwayProdData-VideoWorkDeadLetters1A2B-3C4D5E6F7G8H'),
      queue(`video-99999999-${STACK_UUID}`, dead(queueArn('SpillwayProdData-VideoWorkDeadLetters1A2B-3C4D5E6F7G8H'))),
      queue('video-of-somebody-else'),
    ]);
  });

  const put = async (ids: readonly string[], error = 'probe-failed: no such codec') => {
    for (let start = 0; start < ids.length; start += 10) {
      await client.send(
        new SendMessageBatchCommand({
          QueueUrl: url(DEAD),
          Entries: ids.slice(start, start + 10).map((id, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify({ id, acceptedAtMs: 1, data: { video: id } }),
            MessageAttributes: {
              error: { DataType: 'String', StringValue: error },
              attempts: { DataType: 'Number', StringValue: '5' },
              setAsideAt: { DataType: 'String', StringValue: '2026-11-22T10:00:00.000Z' },
            },
          })),
        }),
      );
    }
  };
  const receiveAll = async (name: string) => {
    const messages: { readonly id: string; readonly attributes: Record<string, string | undefined> }[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url(name),
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 3_600,
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return messages;
      for (const { Body = '', MessageAttributes = {} } of Messages) {
        const attributes = Object.entries(MessageAttributes).map(([key, value]) => [key, value.StringValue]);
        messages.push({ id: JSON.parse(Body).id, attributes: Object.fromEntries(attributes) });
      }
    }
  };
  const depthOf = async (name: string) => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  };
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const command = parseRedriveArguments(['--queue', 'video', '--endpoint', running.aws.url, '--watch', '0', ...args]);
    if (command === undefined) throw new Error('help was asked for');
    const exitCode = await runRedrive(command, (line) => said.push(line), new AbortController().signal);
    return { exitCode, lines: said.filter((line) => !line.endsWith('…')) };
  };

  it('lists, shows and tries, and changes nothing', async () => {
    await put(['a', 'b']);
    await put(['c'], 'time-out');
    const list = await run();
    expect(list.lines).toEqual([
      '3 dead letters',
      expect.stringMatching(/^the oldest was set aside .* ago, at 2026-11-22T10:00:00\.000Z$/),
      '      2  probe-failed: no such codec',
      '      1  time-out',
    ]);
    expect((await run('--inspect', '1', '--error', 'time-out')).lines).toEqual([
      expect.stringMatching(/^message /),
      '  workId: c',
      '  error: time-out',
      '  attempts: 5',
      '  setAsideAt: 2026-11-22T10:00:00.000Z',
      '  payload: {"id":"c","acceptedAtMs":1,"data":{"video":"c"}}',
    ]);
    expect((await run('--max-rate', '10', '--dry-run', '--max', '2')).lines.at(-1)).toBe(
      'would redrive 2; nothing was changed',
    );
    expect(await depthOf(DEAD)).toBe(3);
    expect(await depthOf(SOURCE)).toBe(0);
    await run('--max-rate', '1000');
  });

  it('sends letters back as they are, with the run that did it', async () => {
    await receiveAll(SOURCE);
    await put(['a', 'b']);
    const { exitCode, lines } = await run('--max-rate', '100');
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatch(/^run .*: sent 2, of which 0 came back; left 0 that were not meant$/);
    const sent = await receiveAll(SOURCE);
    expect(sent.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
    expect(sent[0]?.attributes).toEqual({
      error: 'probe-failed: no such codec',
      attempts: '5',
      setAsideAt: '2026-11-22T10:00:00.000Z',
      redriveRun: lines.at(-1)?.slice(4, 40),
      redrivenAt: expect.stringMatching(/^\d{4}-/),
    });
    expect(await depthOf(DEAD)).toBe(0);
  });

  it('loses nothing where it is killed, and the next run goes on', async () => {
    await receiveAll(SOURCE);
    const ids = Array.from({ length: 60 }, (_, index) => `work-${index}`);
    await put(ids);
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, '../../bin/redrive.ts'),
        '--queue',
        'video',
        '--max-rate',
        '30',
        '--endpoint',
        running.aws.url,
      ],
      { stdio: 'ignore' },
    );
    // In the middle of a batch, by the queue it sends to.
    while ((await depthOf(SOURCE)) < 15) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const arrived = (await receiveAll(SOURCE)).map(({ id }) => id);
    expect(arrived.length).toBeLessThan(60);
    // What it had in hand is out of sight, so the next run sees the rest.
    await run('--max-rate', '1000');
    const attributes = { QueueUrl: url(DEAD), AttributeNames: ['ApproximateNumberOfMessagesNotVisible' as const] };
    const { Attributes } = await client.send(new GetQueueAttributesCommand(attributes));
    const inHand = Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
    arrived.push(...(await receiveAll(SOURCE)).map(({ id }) => id));
    expect(inHand).toBeGreaterThan(0);
    expect(inHand).toBeLessThanOrEqual(10);
    // Each is in the source, or in hand; one may be both.
    expect(new Set(arrived).size + inHand).toBeGreaterThanOrEqual(60);
    expect(arrived.length - new Set(arrived).size).toBeLessThanOrEqual(10);
  }, 30_000);

  it('fails for a stage that is not there', async () => {
    await expect(run('--stage', 'test')).rejects.toThrow(
      `the twin at ${running.aws.url} has no queue of the work 'video' of the stage 'test': the stack SpillwayTestData is not there; name another --stage, --endpoint or AWS_REGION`,
    );
  });

  it('fails for a consumer without a queue of failed records', async () => {
    await expect(run('--queue', 'nobody')).rejects.toThrow("has no queue of failed records for 'nobody'");
  });
});
