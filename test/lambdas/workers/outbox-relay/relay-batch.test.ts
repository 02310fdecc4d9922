import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Publisher, Refused } from '../../../../lambdas/adapters/messaging/publish-in-order.ts';
import { createRelay, type RelayDependencies } from '../../../../lambdas/workers/outbox-relay/relay-batch.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';
import { MemoryFailedRecords } from '../../../support/memory-failed-records.ts';
import { eventRecord, insertRecord, workRecord } from '../../../support/outbox-records.ts';
import { lambdaContext } from '../../../support/proxy-event.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';
import { failuresOf } from '../../../support/worker-events.ts';

/** Takes everything but the bodies that `refuse` names. */
function publisher<E extends { readonly body: string }>(refuse: (body: string) => boolean = () => false) {
  const bodies: string[] = [];
  return {
    bodies,
    async publish(entries: readonly E[]): Promise<Refused> {
      const refused = new Map<number, string>();
      for (const [index, { body }] of entries.entries()) {
        if (refuse(body)) refused.set(index, 'Throttled');
        else bodies.push(body);
      }
      return refused;
    },
  };
}

function setUp(options: Partial<RelayDependencies> = {}) {
  const timers = new ManualTimers();
  const logger = new RecordingLogger();
  const failedRecords = new MemoryFailedRecords();
  const relay = createRelay({
    ...{ events: publisher(), work: {}, failedRecords, setTimer: timers.setTimer, logger },
    ...options,
  });
  const run = (...records: DynamoDBRecord[]) => failuresOf(relay({ Records: records }, lambdaContext()));
  return { timers, logger, failedRecords, run };
}

const hung: Publisher<unknown> = { publish: () => new Promise(() => {}) };

describe('createRelay', () => {
  it('publishes events with their aggregate, and sends work to the queue of its kind, each body as it was written', async () => {
    const seen: unknown[] = [];
    const events: RelayDependencies['events'] = {
      publish: async (entries) => {
        seen.push(...entries.map(({ aggregate, body }) => [aggregate, body]));
        return new Map();
      },
    };
    const work = { video: publisher(), activity: publisher() };
    const { run } = setUp({ events, work });
    const video = workRecord(2, 'video', 'job-1');
    const activity = workRecord(4, 'activity', 'job-2');
    expect(await run(eventRecord(1, 'ann', 'e1'), video, eventRecord(3, 'bob', 'e2'), activity)).toEqual([]);
    expect(seen).toEqual([
      ['ann', 'e1'],
      ['bob', 'e2'],
    ]);
    expect(work.video.bodies).toEqual([video.dynamodb?.NewImage?.body?.S]);
    expect(work.activity.bodies).toEqual([activity.dynamodb?.NewImage?.body?.S]);
  });

  it('publishes nothing for entries that expired, and warns of one that somebody changed', async () => {
    const events = publisher();
    const { run, logger } = setUp({ events });
    const removed: DynamoDBRecord = { ...eventRecord(1, 'ann', 'e1'), eventName: 'REMOVE' };
    const changed: DynamoDBRecord = { ...eventRecord(2, 'ann', 'e1'), eventName: 'MODIFY' };
    expect(await run(removed, changed)).toEqual([]);
    expect(events.bodies).toEqual([]);
    expect(logger.lines).toMatchObject([{ level: 'warn', sequenceNumber: '2' }]);
  });

  it('names what was not taken and nothing else, of events and of work', async () => {
    const events = publisher((body) => body === 'e2');
    const work = { video: publisher((body) => body.includes('job-2')) };
    const { run, logger } = setUp({ events, work });
    const records = [
      eventRecord(1, 'ann', 'e1'),
      eventRecord(2, 'bob', 'e2'),
      workRecord(3, 'video', 'job-1'),
      workRecord(4, 'video', 'job-2'),
    ];
    expect((await run(...records)).toSorted()).toEqual(['2', '4']);
    expect(logger.lines).toMatchObject([
      { level: 'error', where: 'stream', entries: 1, reason: 'Throttled' },
      { level: 'error', where: 'video', entries: 1, reason: 'Throttled' },
    ]);
  });

  const UNREADABLE: readonly (readonly [string, DynamoDBRecord])[] = [
    ['is of an unknown kind', insertRecord(2, 'ann', { kind: { S: 'letter' }, body: { S: '{}' } })],
    [
      'is work for an unknown queue',
      insertRecord(2, 'ann', { kind: { S: 'work' }, queue: { S: 'x' }, body: { S: '{}' } }),
    ],
    ['is work for a queue that the relay was not given', { ...workRecord(2, 'video', 'ann') }],
    ['has no body', insertRecord(2, 'ann', { kind: { S: 'event' } })],
    [
      'is work that is none',
      insertRecord(2, 'ann', { kind: { S: 'work' }, queue: { S: 'activity' }, body: { S: '{"id":""}' } }),
    ],
    ['has no image, since the stream leaves them out', { ...eventRecord(2, 'ann', 'e2'), dynamodb: keysOnly('2') }],
  ];

  it.each(UNREADABLE)(
    'sets an entry aside that %s, and publishes all others, those of its aggregate too',
    async (_, bad) => {
      const events = publisher();
      const { run, logger, failedRecords } = setUp({ events, work: { activity: publisher() } });
      const records = [eventRecord(1, 'ann', 'e1'), bad, eventRecord(3, 'ann', 'e3'), eventRecord(4, 'bob', 'e4')];
      expect(await run(...records)).toEqual([]);
      expect(events.bodies).toEqual(['e1', 'e3', 'e4']);
      expect([...failedRecords.records]).toEqual([
        ['2', expect.objectContaining({ functionArn: lambdaContext().invokedFunctionArn, condition: 'Unreadable' })],
      ]);
      expect(logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '2', aggregate: 'ann' }]);
    },
  );

  it.each(UNREADABLE)(
    'fails an entry that %s and cannot be set aside, holds back those of its aggregate behind it, and publishes all others',
    async (_, bad) => {
      const events = publisher();
      const failedRecords = new MemoryFailedRecords(() => true);
      const { run, logger } = setUp({ events, work: { activity: publisher() }, failedRecords });
      const records = [eventRecord(1, 'ann', 'e1'), bad, eventRecord(3, 'ann', 'e3'), eventRecord(4, 'bob', 'e4')];
      expect(await run(...records)).toEqual(['2', '3']);
      expect(events.bodies).toEqual(['e1', 'e4']);
      expect(logger.lines).toMatchObject([{ level: 'error', sequenceNumber: '2', aggregate: 'ann' }]);
    },
  );

  it('publishes in time what can be read while the bucket of failed records hangs', async () => {
    const events = publisher();
    const failedRecords = { put: () => new Promise<void>(() => {}) };
    const { run, timers } = setUp({ events, failedRecords });
    const answer = run(insertRecord(1, 'ann', {}), eventRecord(2, 'bob', 'e2'));
    await timers.advance(2_250);
    expect(await answer).toEqual(['1']);
    expect(events.bodies).toEqual(['e2']);
  });

  it('answers in time while a publisher hangs, and names only what that one had', async () => {
    const { run, timers } = setUp({ events: hung, work: { video: publisher() } });
    const answer = run(eventRecord(1, 'ann', 'e1'), workRecord(2, 'video', 'job-1'));
    await timers.advance(9_400);
    expect(await answer).toEqual(['1']);
  });

  it('makes Lambda deliver the whole batch again where a record has no number to name', async () => {
    const { run } = setUp({ events: publisher(() => true) });
    const { dynamodb, ...rest } = eventRecord(1, 'ann', 'e1');
    const { SequenceNumber: _, ...unnumbered } = dynamodb ?? {};
    expect(await run({ ...rest, dynamodb: unnumbered })).toEqual(['']);
  });
});

function keysOnly(sequenceNumber: string): NonNullable<DynamoDBRecord['dynamodb']> {
  return { SequenceNumber: sequenceNumber, Keys: { aggregate: { S: 'ann' }, entryId: { S: 'e2' } } };
}
