import { describe, expect, it } from 'vitest';
import { died, done, streamMapping } from '../../../../support/stream-mapping.ts';

describe('stream consumer', () => {
  it('reads the children of a shard that was split only after its parent is done with', async () => {
    const { timers, stream, start } = streamMapping();
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
    const { timers, stream, start } = streamMapping(['shard-0', 'shard-1']);
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
    const { timers, stream, start } = streamMapping();
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
    const { timers, stream, start } = streamMapping();
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
    const { timers, stream, start } = streamMapping();
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

  it('tells when the oldest record arrived that is not done with, in flight or unread', async () => {
    const { timers, stream, start } = streamMapping();
    let finish = (): void => {};
    const sources = start({ BatchSize: 1 }, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return done;
    });
    expect(sources.status()[0]?.oldestMs).toBeUndefined();
    const firstMs = timers.clock.now();
    stream.put('shard-0', 'a', 'first');
    await timers.settle();
    timers.clock.advance(2_000);
    stream.put('shard-0', 'a', 'second');
    await timers.settle();
    expect(sources.status()[0]?.oldestMs).toBe(firstMs);
    finish();
    await timers.settle();
    expect(sources.status()[0]?.oldestMs).toBe(firstMs + 2_000);
    finish();
    await timers.settle();
    expect(sources.status()[0]?.oldestMs).toBeUndefined();
  });

  it('delivers only what the filters let pass, and is done with the rest', async () => {
    const { timers, stream, start } = streamMapping();
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
    const { timers, stream, start } = streamMapping();
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
});
