import { describe, expect, it } from 'vitest';
import { parseReplayArguments } from '../../bin/replay.ts';

const RANGE = ['--from', '2026-11-22T10:00:00Z', '--to', '2026-11-22T11:00:00Z'];
const COMMAND = ['--consumer', 'analytics', ...RANGE];

describe('parseReplayArguments', () => {
  it('reads consumer and range, and takes an hour for late events', () => {
    expect(parseReplayArguments(COMMAND)).toEqual({
      consumer: 'analytics',
      stage: 'dev',
      endpoint: undefined,
      fromMs: Date.UTC(2026, 10, 22, 10),
      toMs: Date.UTC(2026, 10, 22, 11),
      types: undefined,
      maxRate: 100,
      batchSize: 100,
      lateMs: 3_600_000,
      resumeAt: undefined,
      dryRun: false,
    });
  });

  it('reads types, bounds and where to go on', () => {
    const more = ['--types', 'FeedUpdated, PostViewed', '--max-rate', '5', '--batch-size', '10', '--late', '0.5'];
    expect(parseReplayArguments([...COMMAND, ...more, '--resume', 'events/2026/11/22/10/a:b:17'])).toMatchObject({
      types: new Set(['FeedUpdated', 'PostViewed']),
      maxRate: 5,
      batchSize: 10,
      lateMs: 1_800_000,
      resumeAt: { key: 'events/2026/11/22/10/a:b', line: 17 },
    });
  });

  it('wants nothing where help is asked for', () => {
    expect(parseReplayArguments(['--help'])).toBeUndefined();
  });

  it.each([
    [RANGE, '--consumer must be the name of one, such as analytics, got none'],
    [['--consumer', 'a'], '--from and --to must both be given'],
    [
      [...RANGE, '--consumer', 'video'],
      "--consumer must be one of events, got 'video', which is a queue of work; npm run redrive sends back what it set aside",
    ],
    [
      ['--consumer', 'a', '--from', '2026-11-22', '--to', '2026-11-22'],
      "--from must be before --to, got '2026-11-22' and '2026-11-22'",
    ],
    [
      ['--consumer', 'a', '--from', '0226-11-22', '--to', '2026-11-22'],
      '--from and --to must be at most 400 days apart, got 657437; replay a part at a time',
    ],
    [['--consumer', 'a', '--from', 'noon', '--to', '2026-11-22'], '--from must be a time such as 2026-11-22T10:00:00Z'],
    [[...COMMAND, '--types', 'Other'], "--types must be some of FeedUpdated, PostViewed, VideoProcessed, got 'Other'"],
    [[...COMMAND, '--resume', 'there'], '--resume must be a place as an earlier run said'],
    [[...COMMAND, '--batch-size', '10001'], "--batch-size must be at most 10000, got '10001'"],
    ...['0', '-1', 'NaN', 'Infinity'].map((rate) => [
      [...COMMAND, `--max-rate=${rate}`],
      `--max-rate must be a number above 0, at most 10000, got '${rate}'`,
    ]),
  ] as [string[], string][])('fails for %j with exit code 2', (args, message) => {
    expect(() => parseReplayArguments(args)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }),
    );
  });
});
