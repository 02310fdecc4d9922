import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../local/twin/aws/aws-error.ts';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../support/running-s3.ts';

describe('objects by the SDK', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
  });
  afterAll(() => s3.close());
  const put = (Key: string, Body: string | Buffer, more = {}) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const textOf = async (Key: string, more = {}) => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Body?.transformToString();
  };

  it('keeps bytes, type, metadata, tags and the checksum that the SDK sends', async () => {
    const Key = 'grüße/a b+c&d?.txt';
    const written = await put(Key, 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { Owner: 'Ada', city: 'Köln' },
      Tagging: 'kind=note',
    });
    expect(written).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: 'NhCmhg==',
      ServerSideEncryption: 'AES256',
    });
    const { Body, ...read } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('hello');
    expect(read).toMatchObject({
      ...{ ContentLength: 5, ContentType: 'text/plain', CacheControl: 'no-store', ETag: written.ETag, TagCount: 1 },
      ...{ Metadata: { owner: 'Ada', city: '=?UTF-8?B?S8O2bG4=?=' }, ChecksumCRC32: 'NhCmhg==', AcceptRanges: 'bytes' },
    });
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).toEqual([{ Key: 'kind', Value: 'note' }]);
  });

  it('takes a stream, which the SDK sends in chunks with the checksum behind them', async () => {
    const parts = Array.from({ length: 40 }, (_, index) => Buffer.alloc(65_000, index));
    const whole = Buffer.concat(parts);
    const sent = await s3.client.send(
      new PutObjectCommand({ Bucket, Key: 'streamed', Body: Readable.from(parts), ContentLength: whole.length }),
    );
    expect(sent.ChecksumCRC32).toBeDefined();
    const { Body, ContentEncoding } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
    expect(ContentEncoding).toBeUndefined();
  });

  it.each(['CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('checks %s as well', async (ChecksumAlgorithm) => {
    const sent = await put('checked', 'hello', { ChecksumAlgorithm });
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'checked', ChecksumMode: 'ENABLED' }));
    const member = `Checksum${ChecksumAlgorithm}` as const;
    expect(sent[member]).toBeDefined();
    expect(head[member]).toBe(sent[member]);
    expect(await textOf('checked')).toBe('hello');
  });

  it('serves a range, and the last bytes', async () => {
    await put('ranged', '0123456789');
    const { Body, ...read } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range: 'bytes=2-4' }));
    expect(await Body?.transformToString()).toBe('234');
    expect(read).toMatchObject({ ContentRange: 'bytes 2-4/10', ContentLength: 3, $metadata: { httpStatusCode: 206 } });
    expect(await textOf('ranged', { Range: 'bytes=-3' })).toBe('789');
    expect(await textOf('ranged', { Range: 'bytes=8-' })).toBe('89');
  });

  it('copies with metadata, or with other metadata', async () => {
    await put('original', 'bytes', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const CopySource = `/${Bucket}/original`;
    const { CopyObjectResult } = await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(CopyObjectResult?.ETag).toBe('"4b3a6218bb3e3a7303e8a171a60fcf92"');
    expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      ...{ ContentType: 'text/plain', Metadata: { a: '1' } },
    });
    const MetadataDirective = 'REPLACE';
    const Metadata = { b: '2' };
    await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, MetadataDirective, Metadata }));
    expect((await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).Metadata).toEqual({ b: '2' });
  });

  it('deletes one, and many, and what is not there', async () => {
    await Promise.all(['d/1', 'd/2', 'd/3'].map((key) => put(key, 'x')));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'd/1' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'd/1' }));
    const Objects = [{ Key: 'd/2' }, { Key: 'd/3' }, { Key: 'd/never & <ever>' }];
    const { Deleted } = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual(Objects);
    await expect(textOf('d/3')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('creates only, or replaces what is known only, where the request says so', async () => {
    const { ETag } = await put('once', 'first', { IfNoneMatch: '*' });
    await put('once', 'second', { IfMatch: ETag });
    expect(await textOf('once')).toBe('second');
  });

  it('fails a write whose condition does not hold, also where two come together', async () => {
    await put('taken', 'first');
    const refusal = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
    await expect(put('taken', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject(refusal);
    await expect(put('taken', 'second', { IfMatch: '"other"' })).rejects.toMatchObject(refusal);
    await expect(put('missing', 'second', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const both = await Promise.allSettled(['a', 'b'].map((text) => put('race', text, { IfNoneMatch: '*' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('answers 304 to who has it already, and fails where another is wanted', async () => {
    const { ETag } = await put('cached', 'x');
    await expect(textOf('cached', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(textOf('cached', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await textOf('cached', { IfMatch: ETag })).toBe('x');
  });

  it('fails what is not there, as AWS names it', async () => {
    await expect(textOf('never')).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'never' });
    await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'never' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(s3.client.send(new GetObjectCommand({ Bucket: 'nobodys-bucket', Key: 'a' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(textOf('taken', { Range: 'bytes=99-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  it('fails with a denial where whoever asks may not list the bucket', async () => {
    const guarded = await runS3(
      {},
      {
        authorize: (_, { operation, input }) => {
          if (operation === 'HeadBucket' && input.Prefix !== 'open/never')
            throw new AwsError('AccessDenied', 'no list', { statusCode: 403 });
        },
      },
    );
    const get = guarded.client.send(new GetObjectCommand({ Bucket, Key: 'never' }));
    await expect(get).rejects.toMatchObject({ name: 'AccessDenied', message: 'no list' });
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/never` });
    await expect(guarded.client.send(copy)).rejects.toMatchObject({ name: 'AccessDenied' });
    const open = guarded.client.send(new GetObjectCommand({ Bucket, Key: 'open/never' }));
    await expect(open).rejects.toMatchObject({ name: 'NoSuchKey' });
    await guarded.close();
  });

  it('fails a body that is not what its digest says, and keeps nothing of it', async () => {
    await expect(put('bad', 'hello', { ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==' })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(put('bad', 'hello', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
      message: 'The CRC32 you specified did not match the calculated checksum.',
    });
    await expect(textOf('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('fails a copy onto itself that changes nothing', async () => {
    await put('same', 'x');
    const copy = new CopyObjectCommand({ Bucket, Key: 'same', CopySource: `${Bucket}/same` });
    await expect(s3.client.send(copy)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('answers an operation that the twin does not have with those that it has', async () => {
    await expect(textOf('taken', { VersionId: 'abc' })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('the twin does not know GET ?versionId of a object'),
    });
  });
});
