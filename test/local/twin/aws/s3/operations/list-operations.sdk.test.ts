import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../../support/running-s3.ts';

const KEYS = ['a.txt', 'b/1', 'b/2', 'b/c/3', 'd & <e>/4', 'f', 'g/5'];

describe('lists of a bucket', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
    for (const Key of KEYS.toReversed()) await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  });
  afterAll(() => s3.close());
  const list = async (input = {}) => {
    const output = await s3.client.send(new ListObjectsV2Command({ Bucket, ...input }));
    const keys = (output.Contents ?? []).map(({ Key }) => Key);
    return { ...output, keys, prefixes: (output.CommonPrefixes ?? []).map(({ Prefix }) => Prefix) };
  };

  it('have all keys in order, with size and tag', async () => {
    const { keys, Contents, KeyCount, IsTruncated } = await list();
    expect(keys).toEqual(KEYS);
    expect(Contents?.[0]).toMatchObject({
      Size: 5,
      StorageClass: 'STANDARD',
      ETag: expect.stringMatching(/^"\w{32}"$/),
    });
    expect([KeyCount, IsTruncated]).toEqual([7, false]);
  });

  it('have folders of keys with the same beginning', async () => {
    const top = await list({ Delimiter: '/' });
    expect([top.keys, top.prefixes]).toEqual([
      ['a.txt', 'f'],
      ['b/', 'd & <e>/', 'g/'],
    ]);
    const below = await list({ Delimiter: '/', Prefix: 'b/' });
    expect([below.keys, below.prefixes]).toEqual([['b/1', 'b/2'], ['b/c/']]);
    expect((await list({ StartAfter: 'd & <e>/4' })).keys).toEqual(['f', 'g/5']);
  });

  it.each([1, 2, 3])('come in pages of %i, folders among them', async (pageSize) => {
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client: s3.client, pageSize }, { Bucket, Delimiter: '/' })) {
      expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
      seen.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
    }
    expect(seen.sort()).toEqual(['a.txt', 'b/', 'd & <e>/', 'f', 'g/']);
  });

  it('come in the older form, and encoded, as well', async () => {
    const page = await s3.client.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/' }));
    expect([page.NextMarker, page.IsTruncated]).toEqual(['a.txt', true]);
    expect((await list({ Prefix: 'd', EncodingType: 'url' })).keys).toEqual(['d+%26+%3Ce%3E/4']);
  });

  it('fail on a token or a number that is none, and on a bucket that is not there', async () => {
    await expect(list({ ContinuationToken: '%%' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(list({ Bucket: 'nobodys' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('buckets themselves', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
  });
  afterAll(() => s3.close());

  it('are created, listed, located and deleted', async () => {
    await s3.client.send(new CreateBucketCommand({ Bucket: 'made-by-a-call' }));
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['made-by-a-call', Bucket]);
    await s3.client.send(new HeadBucketCommand({ Bucket: 'made-by-a-call' }));
    expect(await s3.client.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({
      LocationConstraint: 'eu-west-1',
    });
    await s3.client.send(new DeleteBucketCommand({ Bucket: 'made-by-a-call' }));
    await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'made-by-a-call' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('fail to be made twice, or with a name that none may have, or to go with what is in them', async () => {
    await expect(s3.client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    await expect(s3.client.send(new CreateBucketCommand({ Bucket: 'Upper' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
    await expect(s3.client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });

  it('are known by the host, too', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }));
    const { port } = new URL(s3.url);
    const { get } = await import('node:http');
    const status = await new Promise((resolve) => {
      const headers = {
        Host: `${Bucket}.s3.eu-west-1.amazonaws.com`,
        Authorization: 'Credential=me/20260101/eu-west-1/s3/aws4_request',
      };
      get({ host: '127.0.0.1', port, path: '/a', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    expect(status).toBe(200);
  });
});
