import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveRange, readArchive } from '../../../local/replay/archive.ts';
import { type RunningAws, resource, runAws } from '../../support/running-aws.ts';

const HOUR = 3_600_000;
const TEN = Date.UTC(2026, 10, 22, 10);
const line = (id: string, timeMs: number) =>
  JSON.stringify({ id, type: 'FeedUpdated', subject: 'ann', time: new Date(timeMs).toISOString() });

describe('readArchive', () => {
  let running: RunningAws;
  let client: S3Client;
  const put = (bucket: string, key: string, lines: readonly string[]) =>
    client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: gzipSync(lines.map((each) => `${each}\n`).join('')) }),
    );
  const read = async (bucket: string, range: Partial<ArchiveRange> = {}) => {
    const found: string[] = [];
    const all = readArchive(client, bucket, { fromMs: TEN, toMs: TEN + HOUR, lateMs: HOUR, ...range });
    for await (const { text, position } of all)
      found.push(`${JSON.parse(text).id} ${position.key.slice(-4)}:${position.line}`);
    return found;
  };

  beforeAll(async () => {
    running = await runAws();
    client = new S3Client({ ...running.clientOptions(), forcePathStyle: true });
    await running.aws.provision(['archive', 'broken'].map((name) => resource('AWS::S3::Bucket', name, {})));
    await put('archive', 'events/2026/11/22/09/9-00', [line('early', TEN - 1)]);
    await put('archive', 'events/2026/11/22/10/0-00', [line('a', TEN), line('b', TEN + 1)]);
    await put('archive', 'events/2026/11/22/10/5-00', ['', line('c', TEN + 2), line('before', TEN - 1)]);
    await put('archive', 'events/2026/11/22/11/0-00', [line('late', TEN + HOUR - 1), line('after', TEN + HOUR)]);
    await put('archive', 'events/2026/11/22/13/0-00', [line('too late', TEN + 3)]);
    await put('broken', 'events/2026/11/22/10/0-00', [line('a', TEN), '{"id":1}']);
  });
  afterAll(async () => {
    client.destroy();
    await running.aws.close();
  });

  it('gives the events of the range by their own time, in order, those that came late as well', async () => {
    expect(await read('archive')).toEqual(['a 0-00:1', 'b 0-00:2', 'c 5-00:2', 'late 0-00:1']);
  });

  it('looks no further than it is told for late ones', async () => {
    expect(await read('archive', { lateMs: 1 })).toEqual(['a 0-00:1', 'b 0-00:2', 'c 5-00:2', 'late 0-00:1']);
    expect(await read('archive', { lateMs: 0 })).toEqual(['a 0-00:1', 'b 0-00:2', 'c 5-00:2']);
    expect(await read('archive', { lateMs: 3 * HOUR })).toHaveLength(5);
  });

  it('goes on at a place', async () => {
    const resumeAt = { key: 'events/2026/11/22/10/0-00', line: 2 };
    expect(await read('archive', { resumeAt })).toEqual(['b 0-00:2', 'c 5-00:2', 'late 0-00:1']);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await read('archive', { fromMs: TEN - 10 * HOUR, toMs: TEN - 9 * HOUR })).toEqual([]);
  });

  it('fails for what is no event, and says where', async () => {
    await expect(read('broken')).rejects.toThrow('line 2 of s3://broken/events/2026/11/22/10/0-00 is no CloudEvent');
  });
});
