import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Checkpoints } from '../../../../../local/twin/functions/event-sources/checkpoints.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import {
  deadArn,
  died,
  done,
  type StreamEvent,
  type StreamHandler,
  streamMapping,
} from '../../../../support/stream-mapping.ts';

describe('checkpoints', () => {
  it('goes on after what is done with when it is started again with the same checkpoints', async () => {
    const { timers, stream, start } = streamMapping();
    const seen: string[] = [];
    const checkpoints = new Checkpoints();
    const note: StreamHandler = (texts) => {
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
    const { timers, stream, start } = streamMapping();
    const database = new DatabaseSync(':memory:');
    const seen: string[] = [];
    const note: StreamHandler = (texts) => {
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
    const { timers, stream, start } = streamMapping();
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
    const { timers, stream, start, failures } = streamMapping();
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
    const { timers, stream, start } = streamMapping();
    const database = new DatabaseSync(':memory:');
    const events: StreamEvent[] = [];
    const count: StreamHandler = (texts, event) => {
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
          const { timers, stream, start, failures } = streamMapping();
          const checkpoints = new Checkpoints();
          const put = new Map<string, string>();
          const processed = new Set<string>();
          let shard = 'shard-0';
          const steps = [...script];
          const order = new Map<string, string[]>();
          const handler: StreamHandler = (_, event) => {
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
