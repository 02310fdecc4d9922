import { afterEach, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../../local/twin/assembly/resolved-resource.ts';
import { KinesisStore } from '../../../../../local/twin/aws/kinesis/kinesis-store.ts';
import {
  type EventSources,
  startEventSources,
} from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';

interface KinesisBatch {
  readonly Records: readonly { readonly kinesis: { readonly partitionKey: string; readonly data: string } }[];
}

const arnPrefix = 'arn:aws:kinesis:eu-west-1:111122223333';
const died: InvokeOutcome = { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: 'killed' };
const done: InvokeOutcome = { ok: true, payload: null };

describe('event sources', () => {
  let sources: EventSources | undefined;

  afterEach(() => sources?.close());

  function start(
    properties: Record<string, unknown>,
    handler: (batch: string[]) => InvokeOutcome | Promise<InvokeOutcome>,
    shardCount = 1,
  ) {
    const store = new KinesisStore(arnPrefix, Date.now);
    const stream = store.create('events', { isOnDemand: false, shardCount, retentionHours: 24 });
    const invokedAs: string[] = [];
    const dead: { service: string; operation: string; input: Readonly<Record<string, unknown>>; principal: unknown }[] =
      [];
    const mapping: ResolvedResource = {
      logicalId: 'Mapping',
      physicalId: 'mapping',
      stackName: 'Stack',
      type: 'AWS::Lambda::EventSourceMapping',
      path: 'Stack/Mapping',
      properties: {
        EventSourceArn: stream.arn,
        FunctionName: 'worker:live',
        StartingPosition: 'TRIM_HORIZON',
        ...properties,
      },
      metadata: {},
    };
    const put = (partitionKey: string, text: string) =>
      store.put(stream, { partitionKey, data: Buffer.from(text).toString('base64') });
    const begin = () => {
      sources = startEventSources([mapping], {
        streamOf: (arn) => store.streamOf(arn),
        invoke: async (name, event) => {
          invokedAs.push(name);
          return handler((event as KinesisBatch).Records.map(({ kinesis }) => atob(kinesis.data)));
        },
        callAws: async (service, operation, input, principal) => {
          dead.push({ service, operation, input, principal });
          return {};
        },
        roleOf: (functionName) => `arn:aws:iam::111122223333:role/${functionName}`,
        nowMs: Date.now,
        log: () => {},
        region: 'eu-west-1',
        accountId: '111122223333',
      });
    };
    return { put, begin, dead, invokedAs };
  }

  it('delivers what was put before it started, and what is put later', async () => {
    const seen: string[] = [];
    const { put, begin, invokedAs } = start({}, (batch) => {
      seen.push(...batch);
      return done;
    });
    put('ada', 'one');
    begin();
    await expect.poll(() => seen).toEqual(['one']);
    put('ada', 'two');
    await expect.poll(() => seen).toEqual(['one', 'two']);
    expect(invokedAs[0]).toBe('worker:live');
    await expect
      .poll(() => sources?.status())
      .toMatchObject([{ logicalId: 'Mapping', functionName: 'worker', backlog: 0 }]);
  });

  it('starts at the end of the stream where the mapping says LATEST', async () => {
    const seen: string[] = [];
    const { put, begin } = start({ StartingPosition: 'LATEST' }, (batch) => {
      seen.push(...batch);
      return done;
    });
    put('ada', 'before');
    begin();
    put('ada', 'after');
    await expect.poll(() => seen).toEqual(['after']);
  });

  it('delivers a batch again whose worker was killed in the middle, and then what came after', async () => {
    const deliveries: string[][] = [];
    const { put, begin } = start({ BatchSize: 2 }, (batch) => {
      deliveries.push(batch);
      return deliveries.length === 1 ? died : done;
    });
    for (const text of ['one', 'two', 'three']) put('ada', text);
    begin();
    await expect.poll(() => deliveries).toEqual([['one', 'two'], ['one', 'two'], ['three']]);
  });

  it('delivers nothing while it is paused, and then all of it', async () => {
    const seen: string[] = [];
    const { put, begin } = start({}, (batch) => {
      seen.push(...batch);
      return done;
    });
    begin();
    put('ada', 'one');
    await expect.poll(() => seen).toEqual(['one']);
    const resume = await sources?.pause('worker');
    put('ada', 'two');
    expect(sources?.status()).toMatchObject([{ backlog: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual(['one']);
    resume?.();
    resume?.();
    await expect.poll(() => seen).toEqual(['one', 'two']);
  });

  it('pauses no other function, and begins nothing after its end', async () => {
    const seen: string[] = [];
    const { put, begin } = start({}, (batch) => {
      seen.push(...batch);
      return done;
    });
    begin();
    await sources?.pause('another');
    put('ada', 'one');
    await expect.poll(() => seen).toEqual(['one']);
    const resume = await sources?.pause('worker');
    await sources?.close();
    put('ada', 'two');
    resume?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual(['one']);
  });

  it('keeps the order within a partition key while keys run in parallel', async () => {
    const seen: string[] = [];
    let concurrent = 0;
    let most = 0;
    const { put, begin } = start({ ParallelizationFactor: 4, BatchSize: 3 }, async (batch) => {
      concurrent += 1;
      most = Math.max(most, concurrent);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      seen.push(...batch);
      concurrent -= 1;
      return done;
    });
    for (let number = 10; number < 40; number += 1)
      for (const key of ['a', 'b', 'c', 'd', 'e']) put(key, `${key}${number}`);
    begin();
    await expect.poll(() => seen.length).toBe(150);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const own = seen.filter((text) => text.startsWith(key));
      expect(own).toEqual(own.toSorted());
    }
    expect(most).toBeGreaterThan(1);
  });

  it('reports what it gives up to a queue or a topic, as the role of the function', async () => {
    const destinations = {
      sqs: {
        arn: 'arn:aws:sqs:eu-west-1:111122223333:dead',
        address: { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead' },
      },
      sns: {
        arn: 'arn:aws:sns:eu-west-1:111122223333:dead',
        address: { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:dead' },
      },
    };
    for (const [service, { arn, address }] of Object.entries(destinations)) {
      const { put, begin, dead } = start(
        { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: arn } } },
        () => died,
      );
      put('ada', 'poison');
      begin();
      await expect.poll(() => dead.length).toBe(1);
      await sources?.close();
      expect(dead[0]).toMatchObject({
        service,
        input: address,
        principal: { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/worker', sessionName: 'worker' },
      });
      const { MessageBody, Message } = dead[0]?.input ?? {};
      expect(JSON.parse(String(MessageBody ?? Message))).toMatchObject({
        requestContext: {
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 1,
          functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:worker:live',
        },
        KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1 },
      });
    }
  });

  it('does nothing where the mapping is switched off', async () => {
    const { put, begin, invokedAs } = start({ Enabled: false }, () => done);
    put('ada', 'one');
    begin();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(invokedAs).toEqual([]);
    expect(sources?.status()).toEqual([]);
  });

  it.each([
    [
      { EventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:b' },
      'the twin reads SQS queues and streams of Kinesis and DynamoDB, got arn:aws:mq:eu-west-1:111122223333:broker:b',
    ],
    [
      { EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/other' },
      'there is no stream arn:aws:kinesis:eu-west-1:111122223333:stream/other; declare it in the templates',
    ],
  ])('fails on %j', (properties, message) => {
    const { begin } = start(properties, () => done);
    expect(begin).toThrow(`event source mapping 'Mapping' of stack 'Stack': ${message}`);
  });
});
