import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { DurableMap } from '../../../../../local/twin/aws/durable-map.ts';
import { deliverySpec } from '../../../../../local/twin/aws/firehose/delivery-spec.ts';
import { DeliveryStream } from '../../../../../local/twin/aws/firehose/delivery-stream.ts';
import { type ShardPosition, StreamSource } from '../../../../../local/twin/aws/firehose/stream-source.ts';
import { ManualTimers } from '../../../../support/manual-timers.ts';
import { MemoryRecordStream } from '../../../../support/memory-record-stream.ts';
import { resource } from '../../../../support/running-aws.ts';

const START_MS = Date.UTC(2026, 0, 2, 13, 59, 50);

/** A delivery stream of a minute and a megabyte, on timers that tests move. */
function world(more: Record<string, unknown> = {}) {
  const timers = new ManualTimers();
  timers.clock.set(START_MS);
  const stream = new MemoryRecordStream(() => timers.clock.now());
  const positions = new DurableMap<ShardPosition>(undefined, 'positions');
  const objects: { readonly key: string; readonly body: Buffer; readonly atMs: number }[] = [];
  const calls: unknown[][] = [];
  const log: string[] = [];
  const bucket = { fails: false };
  const destination = {
    ...{ BucketARN: 'arn:aws:s3:::archive', RoleARN: 'arn:aws:iam::111122223333:role/archive' },
    BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
    ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    ...more,
  };
  const spec = deliverySpec(
    resource('AWS::KinesisFirehose::DeliveryStream', 'archive', { ExtendedS3DestinationConfiguration: destination }),
    'arn:aws:firehose:eu-west-1:111122223333:deliverystream/archive',
  );
  const start = () =>
    new DeliveryStream(
      spec,
      new StreamSource(stream, positions, 'archive'),
      {
        nowMs: () => timers.clock.now(),
        log: (line) => log.push(line),
        callAws: async (...call) => {
          if (bucket.fails) throw new Error('no such bucket');
          calls.push(call);
          const { Key, Body } = call[2] as { Key: string; Body: Buffer };
          objects.push({ key: Key, body: Body, atMs: timers.clock.now() - START_MS });
          return {};
        },
      },
      timers.setTimer,
    );
  return { timers, stream, objects, calls, log, bucket, start };
}

describe('DeliveryStream', () => {
  let delivery: DeliveryStream | undefined;
  afterEach(() => delivery?.close());

  it('writes what came within the interval into one object, named by its oldest record and the time of writing', async () => {
    const { timers, stream, objects, calls, start } = world();
    delivery = start();
    stream.put('shard-0', 'k', 'one');
    await timers.advance(59_000);
    stream.put('shard-0', 'k', 'two');
    expect(objects).toEqual([]);
    await timers.advance(1_000);
    expect(objects.map(({ body, atMs }) => [String(body), atMs])).toEqual([['one\ntwo\n', 60_000]]);
    expect(objects[0]?.key).toMatch(/^2026\/01\/02\/13\/archive-1-2026-01-02-14-00-50-[\da-f-]{36}$/);
    expect(calls[0]).toEqual([
      's3',
      'PutObject',
      expect.objectContaining({ Bucket: 'archive' }),
      {
        ...{ kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/archive', sessionName: 'firehose' },
        assumedBy: 'firehose.amazonaws.com',
        sourceArn: 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/archive',
      },
    ]);
    await timers.advance(600_000);
    expect(objects).toHaveLength(1);
  });

  it('writes at once what is as large as the buffer', async () => {
    const { timers, stream, objects, start } = world();
    delivery = start();
    const half = 'x'.repeat(2 ** 19);
    for (let count = 0; count < 5; count += 1) stream.put('shard-0', 'k', half);
    await timers.advance(10);
    expect(objects.map(({ body }) => body.length)).toEqual([2 ** 20 + 2, 2 ** 20 + 2]);
    await timers.advance(60_000);
    expect(objects).toHaveLength(3);
  });

  it('compresses', async () => {
    const { timers, stream, objects, start } = world({ CompressionFormat: 'GZIP' });
    delivery = start();
    stream.put('shard-0', 'k', 'one');
    await timers.advance(60_000);
    await expect
      .poll(() => objects.map(({ key, body }) => [key.slice(-3), String(gunzipSync(body))]))
      .toEqual([['.gz', 'one\n']]);
  });

  it('writes what it has when it is closed, and a successor goes on behind it', async () => {
    const { timers, stream, objects, start } = world();
    const first = start();
    stream.put('shard-0', 'k', 'one');
    await timers.settle();
    await first.close();
    await first.close();
    stream.put('shard-0', 'k', 'two');
    delivery = start();
    await timers.advance(60_000);
    expect(objects.map(({ body }) => String(body))).toEqual(['one\n', 'two\n']);
  });

  it('tries again, later and later, what the bucket does not take, and says so once', async () => {
    const { timers, stream, objects, log, bucket, start } = world();
    bucket.fails = true;
    delivery = start();
    stream.put('shard-0', 'k', 'one');
    await timers.advance(60_000 + 1_000 + 2_000);
    // What comes meanwhile does not put the next try off.
    stream.put('shard-0', 'k', 'two');
    bucket.fails = false;
    await timers.advance(3_999);
    expect(objects).toEqual([]);
    await timers.advance(1);
    expect(objects.map(({ body }) => String(body))).toEqual(['one\ntwo\n']);
    expect(log).toEqual(['archive: archive took no object: no such bucket']);
  });

  it('leaves to its successor what the bucket does not take at the end', async () => {
    const { timers, stream, objects, bucket, start } = world();
    const first = start();
    bucket.fails = true;
    stream.put('shard-0', 'k', 'one');
    await first.close();
    bucket.fails = false;
    delivery = start();
    await timers.advance(60_000);
    expect(objects.map(({ body }) => String(body))).toEqual(['one\n']);
  });
});
