import { afterEach, describe, expect, it } from 'vitest';
import type { EventSources } from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import { type QueueHandler, queueMapping } from '../../../../support/queue-mapping.ts';
import { died, done } from '../../../../support/stream-mapping.ts';

const throttled: InvokeOutcome = { ok: false, kind: 'throttled', errorType: 'TooManyRequests', errorMessage: 'Rate' };
const redrive = (maxReceiveCount: number) => ({
  RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:dead', maxReceiveCount },
});

describe('queue consumer', () => {
  const started: EventSources[] = [];

  afterEach(async () => {
    await Promise.all(started.splice(0).map((sources) => sources.close()));
  });

  /** Notes the batches, and answers by `answer`. */
  function note(answer: QueueHandler = () => done) {
    const batches: string[][] = [];
    const handler: QueueHandler = (bodies, event) => {
      batches.push(bodies);
      return answer(bodies, event);
    };
    return { batches, handler };
  }

  it('delivers a message as Lambda documents it, and deletes it', async () => {
    const { timers, start, send, count, calls } = await queueMapping();
    const events: unknown[] = [];
    started.push(
      start({}, (_, event) => {
        events.push(event);
        return done;
      }),
    );
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'news' },
      blob: { DataType: 'Binary', BinaryValue: 'AQI=' },
    };
    const messageId = await send('hello', { MessageAttributes });
    await timers.settle();
    expect(events).toEqual([
      {
        Records: [
          {
            messageId,
            receiptHandle: expect.any(String),
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: String(timers.clock.now()),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: String(timers.clock.now()),
            },
            messageAttributes: {
              kind: { stringValue: 'news', stringListValues: [], binaryListValues: [], dataType: 'String' },
              blob: { binaryValue: 'AQI=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
            },
            md5OfMessageAttributes: expect.any(String),
            md5OfBody: '5d41402abc4b2a76b9719d911017c592',
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:work',
            awsRegion: 'eu-west-1',
          },
        ],
      },
    ]);
    expect(await count()).toEqual({ visible: 0, inFlight: 0 });
    const asRole = calls.filter(({ principal }) => principal.kind === 'role').map(({ call }) => call.operation);
    expect(new Set(asRole)).toEqual(new Set(['ReceiveMessage', 'DeleteMessageBatch']));
    expect(calls.find(({ principal }) => principal.kind === 'role')?.principal).toEqual({
      kind: 'role',
      roleArn: 'arn:aws:iam::111122223333:role/worker',
      sessionName: 'worker',
    });
  });

  it('leaves a failed batch in the queue until its visibility timeout is over, and then to the dead letters', async () => {
    const { timers, start, send, count } = await queueMapping({ VisibilityTimeout: 10, ...redrive(2) });
    const { batches, handler } = note(() => died);
    started.push(start({}, handler));
    await send('poison');
    await timers.advance(9_999);
    expect(batches).toEqual([['poison']]);
    await timers.advance(2);
    expect(batches).toEqual([['poison'], ['poison']]);
    await timers.advance(60_000);
    expect(batches).toHaveLength(2);
    expect(await count('dead')).toEqual({ visible: 1, inFlight: 0 });
  });

  it('keeps only the messages that are reported as failed', async () => {
    const { timers, start, send, count } = await queueMapping();
    const { batches, handler } = note((_, { Records }) => {
      const failed = Records.filter(({ body }) => body === 'bad');
      return {
        ok: true,
        payload: { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) },
      };
    });
    for (const body of ['good', 'bad', 'fine']) await send(body);
    started.push(start({ FunctionResponseTypes: ['ReportBatchItemFailures'] }, handler));
    await timers.settle();
    expect(batches.flat().sort()).toEqual(['bad', 'fine', 'good']);
    expect(await count()).toEqual({ visible: 0, inFlight: 1 });
  });

  it('keeps the whole batch where the report cannot be read', async () => {
    const { timers, start, send, count } = await queueMapping();
    for (const body of ['a', 'b']) await send(body);
    const payload = { batchItemFailures: [{ itemIdentifier: 'unknown' }] };
    started.push(start({ FunctionResponseTypes: ['ReportBatchItemFailures'] }, () => ({ ok: true, payload })));
    await timers.settle();
    expect(await count()).toEqual({ visible: 0, inFlight: 2 });
  });

  it('deletes what the filters do not let pass, without an invocation', async () => {
    const { timers, start, send, count } = await queueMapping();
    const { batches, handler } = note();
    for (const body of ['{"kind":"a"}', '{"kind":"b"}', 'text']) await send(body);
    started.push(start({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] } }, handler));
    await timers.settle();
    expect(batches).toEqual([['{"kind":"a"}']]);
    expect(await count()).toEqual({ visible: 0, inFlight: 0 });
  });

  it('gathers a batch over several receives until it is full or its window is over', async () => {
    const { timers, start, send } = await queueMapping();
    const { batches, handler } = note();
    started.push(start({ BatchSize: 12, MaximumBatchingWindowInSeconds: 5 }, handler, { maxQueueConcurrency: 1 }));
    for (let number = 0; number < 15; number += 1) await send(String(number));
    await timers.settle();
    expect(batches.map(({ length }) => length)).toEqual([12]);
    await timers.advance(4_999);
    expect(batches).toHaveLength(1);
    await timers.advance(1);
    expect(batches.map(({ length }) => length)).toEqual([12, 3]);
  });

  it('cuts a batch at the payload limit', async () => {
    const { timers, start, send } = await queueMapping();
    const { batches, handler } = note();
    for (let number = 0; number < 8; number += 1) await send('x'.repeat(1_000_000));
    started.push(start({ BatchSize: 8 }, handler, { maxQueueConcurrency: 1 }));
    await timers.settle();
    expect(batches.map(({ length }) => length)).toEqual([6, 2]);
  });

  it('starts with five batches at once and adds five a second, up to the maximum concurrency', async () => {
    const { timers, start, send } = await queueMapping();
    let inFlight = 0;
    const handler = () => {
      inFlight += 1;
      return new Promise<InvokeOutcome>((resolve) => {
        timers.setTimer(20_000, () => resolve(done));
      });
    };
    for (let number = 0; number < 30; number += 1) await send(String(number));
    started.push(start({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 12 } }, handler));
    await timers.settle();
    expect(inFlight).toBe(5);
    await timers.advance(1_000);
    expect(inFlight).toBe(10);
    await timers.advance(5_000);
    expect(inFlight).toBe(12);
    await timers.advance(60_000);
  });

  it('tries a throttled batch again until its messages are visible to others', async () => {
    const { timers, start, send, count } = await queueMapping({ VisibilityTimeout: 10 });
    let isThrottled = true;
    const { batches, handler } = note(() => (isThrottled ? throttled : done));
    started.push(start({}, handler, { maxQueueConcurrency: 1 }));
    await send('one');
    await timers.advance(9_000);
    const tries = batches.length;
    expect(tries).toBeGreaterThan(4);
    isThrottled = false;
    await timers.advance(11_000);
    expect(batches).toHaveLength(tries + 1);
    expect(await count()).toEqual({ visible: 0, inFlight: 0 });
  });

  it('keeps the order of each message group, and works on groups side by side', async () => {
    const { timers, start, send } = await queueMapping({ FifoQueue: true, VisibilityTimeout: 10 });
    let first = true;
    const seen: string[] = [];
    started.push(
      start({ BatchSize: 2 }, (bodies) => {
        const fails = first && bodies.includes('a1');
        if (fails) first = false;
        else seen.push(...bodies);
        return fails ? died : done;
      }),
    );
    for (const body of ['a1', 'a2', 'a3', 'b1', 'b2']) {
      await send(body, { MessageGroupId: body.charAt(0), MessageDeduplicationId: body });
    }
    await timers.settle();
    expect(seen.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(seen.filter((body) => body.startsWith('a'))).toEqual([]);
    await timers.advance(10_001);
    expect(seen.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('says once where a FIFO function reports a failure and not what stands behind it in the group', async () => {
    const { timers, start, send, log } = await queueMapping({ FifoQueue: true });
    for (const body of ['a1', 'a2']) await send(body, { MessageGroupId: 'a', MessageDeduplicationId: body });
    started.push(
      start({ FunctionResponseTypes: ['ReportBatchItemFailures'] }, (_, { Records }) => ({
        ok: true,
        payload: { batchItemFailures: [{ itemIdentifier: Records[0]?.messageId }] },
      })),
    );
    await timers.settle();
    expect(log).toEqual([
      "Mapping: the function reported a failed message of group 'a' and not the ones behind it, which Lambda takes for " +
        'processed: the group is out of order; report all messages from the first failure of a group on',
    ]);
  });

  it('gives messages back at once that it did not deliver when it is closed', async () => {
    const { timers, start, send, count } = await queueMapping();
    const { batches, handler } = note();
    const sources = start({ BatchSize: 100, MaximumBatchingWindowInSeconds: 60 }, handler);
    await send('one');
    await timers.settle();
    expect(await count()).toEqual({ visible: 0, inFlight: 1 });
    await sources.close();
    expect(await count()).toEqual({ visible: 1, inFlight: 0 });
    expect(batches).toEqual([]);
  });

  it('tells its backlog, what is in flight included', async () => {
    const { timers, start, send } = await queueMapping();
    const sources = start({}, () => died);
    started.push(sources);
    await send('one');
    await timers.settle();
    sources.status();
    await timers.settle();
    expect(sources.status()).toMatchObject([{ logicalId: 'Mapping', functionName: 'worker', backlog: 1 }]);
  });

  it('says once what keeps it from polling, and goes on when that is over', async () => {
    const { timers, start, send, denied, log } = await queueMapping();
    const { batches, handler } = note();
    denied.add('ReceiveMessage');
    started.push(start({}, handler));
    await send('one');
    await timers.advance(5_000);
    expect(log).toEqual(['Mapping: not authorized to perform: sqs:ReceiveMessage']);
    denied.clear();
    await timers.advance(30_000);
    expect(batches).toEqual([['one']]);
  });
});
