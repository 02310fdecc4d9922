import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Checkpoints } from '../../../../../local/twin/functions/event-sources/checkpoints.ts';
import {
  type EventSources,
  startEventSources,
} from '../../../../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import { ManualTimers } from '../../../../support/manual-timers.ts';
import { MemoryRecordStream } from '../../../../support/memory-record-stream.ts';
import { resource } from '../../../../support/running-aws.ts';

interface StreamEvent {
  readonly Records: readonly { readonly eventID: string; readonly kinesis: { readonly data: string } }[];
  readonly [member: string]: unknown;
}
type Handler = (texts: string[], event: StreamEvent) => InvokeOutcome | Promise<InvokeOutcome>;

const died: InvokeOutcome = { ok: false, kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: 'killed' };
const done: InvokeOutcome = { ok: true, payload: null };
const deadArn = 'arn:aws:sqs:eu-west-1:111122223333:dead';

describe('stream consumer', () => {
  const started: EventSources[] = [];

  afterEach(async () => {
    await Promise.all(started.splice(0).map((sources) => sources.close()));
  });

  function setUp(timers = new ManualTimers(), shardIds = ['shard-0']) {
    const stream = new MemoryRecordStream(() => timers.clock.now(), shardIds);
    const failures: { readonly startSequenceNumber: string; readonly endSequenceNumber: string }[] = [];
    const start = (properties: Record<string, unknown>, handler: Handler, checkpoints = new Checkpoints()) => {
      const mapping = resource('AWS::Lambda::EventSourceMapping', 'Mapping', {
        EventSourceArn: stream.arn,
        FunctionName: 'worker',
        StartingPosition: 'TRIM_HORIZON',
        ...properties,
      });
      const sources = startEventSources([mapping], {
        region: 'eu-west-1',
        accountId: '111122223333',
        nowMs: () => timers.clock.now(),
        setTimer: timers.setTimer,
        log: () => {},
        streamOf: () => stream,
        checkpoints,
        callAws: async (_service, operation, input) => {
          if (operation === 'SendMessage') failures.push(JSON.parse(String(input.MessageBody)).KinesisBatchInfo);
          return { QueueUrl: 'dead' };
        },
        invoke: async (_name, payload) => {
          const event = payload as StreamEvent;
          return handler(
            event.Records.map(({ kinesis }) => atob(kinesis.data)),
            event,
          );
        },
      });
      started.push(sources);
      return sources;
    };
    return { timers, stream, start, failures };
  }

  it('reads the children of a shard that was split only after its parent is done with', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    let fails = true;
    stream.put('shard-0', 'a', 'parent');
    start({}, (texts) => {
      seen.push(...texts);
      return fails ? died : done;
    });
    stream.open('shard-1', 'shard-0');
    stream.put('shard-1', 'a', 'child');
    await timers.advance(150);
    expect(seen).toEqual(['parent', 'parent']);
    fails = false;
    await timers.advance(200);
    expect(seen).toEqual(['parent', 'parent', 'parent', 'child']);
  });

  it('waits for both parents of a merged shard', async () => {
    const { timers, stream, start } = setUp(new ManualTimers(), ['shard-0', 'shard-1']);
    const seen: string[] = [];
    stream.put('shard-0', 'a', 'left');
    stream.put('shard-1', 'b', 'right');
    stream.open('shard-2', 'shard-0', 'shard-1');
    stream.put('shard-2', 'a', 'merged');
    start({}, (texts) => {
      seen.push(...texts);
      return done;
    });
    await timers.settle();
    expect(seen).toEqual(['left', 'right', 'merged']);
  });

  it('takes a parent for done with that the stream lists no more', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    stream.open('shard-1', 'shard-0');
    stream.expire('shard-0');
    stream.put('shard-1', 'a', 'child');
    start({}, (texts) => {
      seen.push(...texts);
      return done;
    });
    await timers.settle();
    expect(seen).toEqual(['child']);
  });

  it('reads shards that were added later from their beginning where the mapping says LATEST', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    stream.put('shard-0', 'a', 'before');
    start({ StartingPosition: 'LATEST' }, (texts) => {
      seen.push(...texts);
      return done;
    });
    stream.put('shard-0', 'a', 'after');
    stream.open('shard-1', 'shard-0');
    stream.put('shard-1', 'a', 'child');
    await timers.settle();
    expect(seen).toEqual(['after', 'child']);
  });

  it('starts at a time, the record that arrived at it included', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    const at = timers.clock.now() + 1_000;
    for (const [delayMs, text] of [
      [0, 'old'],
      [999, 'just too old'],
      [1, 'on time'],
      [5, 'later'],
    ] as const) {
      timers.clock.advance(delayMs);
      stream.put('shard-0', 'a', text);
    }
    start({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: at / 1_000 }, (texts) => {
      seen.push(...texts);
      return done;
    });
    await timers.settle();
    expect(seen).toEqual(['on time', 'later']);
  });

  it('delivers only what the filters let pass, and is done with the rest', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    for (const kind of ['a', 'b', 'a']) stream.put('shard-0', 'k', JSON.stringify({ kind }));
    stream.put('shard-0', 'k', 'text');
    const Filters = [{ Pattern: JSON.stringify({ data: { kind: ['a'] } }) }];
    const sources = start({ FilterCriteria: { Filters } }, (texts) => {
      seen.push(...texts);
      return done;
    });
    await timers.settle();
    expect(seen).toEqual(['{"kind":"a"}', '{"kind":"a"}']);
    expect(sources.status()).toMatchObject([{ backlog: 0 }]);
  });

  it('reads on where a whole look at the stream was filtered out', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    for (let count = 0; count < 20; count += 1) stream.put('shard-0', 'k', 'dull');
    stream.put('shard-0', 'k', 'wanted');
    start({ BatchSize: 1, FilterCriteria: { Filters: [{ Pattern: '{"data":["wanted"]}' }] } }, (texts) => {
      seen.push(...texts);
      return done;
    });
    await timers.settle();
    expect(seen).toEqual(['wanted']);
  });

  it('goes on after what is done with when it is started again with the same checkpoints', async () => {
    const { timers, stream, start } = setUp();
    const seen: string[] = [];
    const checkpoints = new Checkpoints();
    const note: Handler = (texts) => {
      seen.push(...texts);
      return done;
    };
    stream.put('shard-0', 'a', 'one');
    const first = start({ StartingPosition: 'LATEST' }, note, checkpoints);
    stream.put('shard-0', 'a', 'two');
    await timers.settle();
    await first.close();
    stream.put('shard-0', 'a', 'three');
    start({ StartingPosition: 'LATEST' }, note, checkpoints);
    await timers.settle();
    expect(seen).toEqual(['two', 'three']);
  });

  it('keeps checkpoints in the database', async () => {
    const { timers, stream, start } = setUp();
    const database = new DatabaseSync(':memory:');
    const seen: string[] = [];
    const note: Handler = (texts) => {
      seen.push(...texts);
      return done;
    };
    stream.put('shard-0', 'a', 'one');
    const first = start({}, note, new Checkpoints(database));
    await timers.settle();
    await first.close();
    stream.put('shard-0', 'a', 'two');
    start({}, note, new Checkpoints(database));
    await timers.settle();
    expect(seen).toEqual(['one', 'two']);
  });

  it('starts anew where the stream is younger than the checkpoint', async () => {
    const { timers, stream, start } = setUp();
    const checkpoints = new Checkpoints();
    checkpoints.of(`Stack/Mapping ${stream.arn}`).start();
    checkpoints.of(`Stack/Mapping ${stream.arn}`).set('shard-0', { after: '999999999' });
    const seen: string[] = [];
    stream.put('shard-0', 'a', 'one');
    start(
      {},
      (texts) => {
        seen.push(...texts);
        return done;
      },
      checkpoints,
    );
    await timers.settle();
    expect(seen).toEqual(['one']);
  });

  it('does not count a delivery that ended with the mapping, and delivers it again', async () => {
    const { timers, stream, start, failures } = setUp();
    const checkpoints = new Checkpoints();
    const properties = { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: deadArn } } };
    let kill = (_: InvokeOutcome): void => {};
    stream.put('shard-0', 'a', 'one');
    const first = start(
      properties,
      () =>
        new Promise((resolve) => {
          kill = resolve;
        }),
      checkpoints,
    );
    await timers.settle();
    const closed = first.close();
    kill(died);
    await closed;
    const seen: string[] = [];
    start(
      properties,
      (texts) => {
        seen.push(...texts);
        return done;
      },
      checkpoints,
    );
    await timers.settle();
    expect(seen).toEqual(['one']);
    expect(failures).toEqual([]);
  });

  it('keeps the state of a tumbling window over a restart', async () => {
    const { timers, stream, start } = setUp();
    const database = new DatabaseSync(':memory:');
    const events: StreamEvent[] = [];
    const count: Handler = (texts, event) => {
      events.push(event);
      const { sum = 0 } = event.state as { readonly sum?: number };
      return { ok: true, payload: { state: { sum: sum + texts.length } } };
    };
    stream.put('shard-0', 'a', 'one');
    const first = start({ TumblingWindowInSeconds: 60 }, count, new Checkpoints(database));
    await timers.settle();
    await first.close();
    stream.put('shard-0', 'a', 'two');
    start({ TumblingWindowInSeconds: 60 }, count, new Checkpoints(database));
    await timers.advance(60_000);
    expect(events.map(({ state, isFinalInvokeForWindow }) => [state, isFinalInvokeForWindow])).toEqual([
      [{}, false],
      [{ sum: 1 }, false],
      [{ sum: 2 }, true],
    ]);
    expect(events[2]).toMatchObject({
      Records: [],
      window: { start: '2026-11-01T00:00:00Z', end: '2026-11-01T00:01:00Z' },
      shardId: 'shard-0',
      eventSourceARN: stream.arn,
    });
  });

  it('delivers each record until it succeeds or is given up exactly once, in order per key, through kills and restarts', async () => {
    const action = fc.constantFrom('ok', 'ok', 'die', 'throttle', 'partial', 'restart', 'split');
    const keys = ['a', 'b', 'c'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 25 }),
        fc.record({
          BatchSize: fc.integer({ min: 1, max: 5 }),
          ParallelizationFactor: fc.integer({ min: 1, max: 3 }),
          BisectBatchOnFunctionError: fc.boolean(),
          MaximumRetryAttempts: fc.integer({ min: 0, max: 2 }),
        }),
        async (script, properties) => {
          const { timers, stream, start, failures } = setUp();
          const checkpoints = new Checkpoints();
          const put = new Map<string, string>();
          const processed = new Set<string>();
          let shard = 'shard-0';
          const steps = [...script];
          const order = new Map<string, string[]>();
          const handler: Handler = (_, event) => {
            const ids = event.Records.map(({ eventID }) => eventID.split(':')[1] ?? '');
            const step = steps.shift();
            const finish = (own: string[]) => {
              for (const id of own) {
                const key = put.get(id) ?? '';
                // Repeated deliveries are allowed, but a key's records succeed for the first time in order.
                if (!processed.has(id)) order.set(key, [...(order.get(key) ?? []), id]);
                processed.add(id);
              }
            };
            if (step === 'die') return died;
            if (step === 'throttle') return { ...died, kind: 'throttled' };
            if (step === 'partial') {
              const middle = Math.floor(ids.length / 2);
              finish(ids.slice(0, middle));
              return { ok: true, payload: { batchItemFailures: [{ itemIdentifier: ids[middle] }] } };
            }
            finish(ids);
            return done;
          };
          const all = {
            ...properties,
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            DestinationConfig: { OnFailure: { Destination: deadArn } },
          };
          let sources = start(all, handler, checkpoints);
          for (const [index, step] of script.entries()) {
            const key = keys[index % keys.length] ?? 'a';
            put.set(stream.put(shard, key, 'x'), key);
            if (index % 3 === 0) await timers.advance(50);
            if (step === 'split') {
              stream.open(`shard-${index + 1}`, shard);
              shard = `shard-${index + 1}`;
            }
            if (step === 'restart') {
              await sources.close();
              sources = start(all, handler, checkpoints);
            }
          }
          await timers.advance(600_000);
          const given = failures.flatMap(({ startSequenceNumber, endSequenceNumber }) => {
            return [...put.keys()].filter((id) => id >= startSequenceNumber && id <= endSequenceNumber);
          });
          const lost = [...put.keys()].filter((id) => !processed.has(id) && !given.includes(id));
          expect(lost).toEqual([]);
          for (const own of order.values()) expect(own).toEqual(own.toSorted());
          expect(sources.status()).toMatchObject([{ backlog: 0 }]);
          const ends = failures.map(({ startSequenceNumber }) => startSequenceNumber);
          if (!script.includes('restart')) expect(new Set(ends).size).toBe(ends.length);
          await sources.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
