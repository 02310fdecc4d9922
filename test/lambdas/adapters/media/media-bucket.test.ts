import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createMediaBucket,
  type MediaBucket,
  type StoredObject,
} from '../../../../lambdas/adapters/media/media-bucket.ts';
import { BUCKET, type RunningS3, runS3 } from '../../../support/running-s3.ts';

const { signal } = new AbortController();

describe('createMediaBucket', () => {
  let s3: RunningS3;
  let bucket: MediaBucket;
  beforeAll(async () => {
    s3 = await runS3();
    bucket = createMediaBucket(s3.client, BUCKET);
  });
  afterAll(() => s3.close());

  /** Uploads as a caller does. */
  async function uploaded(key: string, text: string): Promise<StoredObject> {
    await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: text, ContentType: 'image/png' }));
    const object = await bucket.find(key, signal);
    if (object === undefined) throw new Error(`no ${key}`);
    return object;
  }
  const text = async (bytes: Promise<Uint8Array>) => Buffer.from(await bytes).toString();

  it('finds what was uploaded, and tells that there is nothing', async () => {
    expect(await uploaded('uploads/ann/1', 'hello')).toMatchObject({ bytes: 5, contentType: 'image/png' });
    expect(await bucket.find('uploads/ann/none', signal)).toBeUndefined();
  });

  it('reads all of it, or a range', async () => {
    const object = await uploaded('uploads/ann/2', '0123456789');
    expect(await text(bucket.read(object, signal))).toBe('0123456789');
    expect(await text(bucket.read(object, signal, { offset: 3, length: 4 }))).toBe('3456');
    expect(await text(bucket.read(object, signal, { offset: 8, length: 100 }))).toBe('89');
  });

  it('fails to read or copy an object that was written over meanwhile', async () => {
    const object = await uploaded('uploads/ann/3', 'before');
    await uploaded('uploads/ann/3', 'after');
    await expect(bucket.read(object, signal)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(bucket.copy(object, 'videos/v/original', signal)).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });

  it('copies with the type', async () => {
    await bucket.copy(await uploaded('uploads/=é b/4', 'hello'), 'videos/w/original', signal);
    const copy = await bucket.find('videos/w/original', signal);
    expect(copy).toMatchObject({ bytes: 5, contentType: 'image/png' });
  });

  it('writes, and removes what there is of many', async () => {
    await bucket.put('videos/x/image.webp', Buffer.from('RIFF'), 'image/webp', signal);
    const { ContentType } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'videos/x/image.webp' }));
    expect(ContentType).toBe('image/webp');
    await bucket.remove(['videos/x/image.webp', 'videos/x/none'], signal);
    expect(await bucket.find('videos/x/image.webp', signal)).toBeUndefined();
  });

  it('fails where the bucket is gone', async () => {
    const gone = createMediaBucket(s3.client, 'gone');
    await expect(gone.read({ key: 'a', etag: '"x"', bytes: 1, contentType: '' }, signal)).rejects.toThrow();
    await expect(gone.remove(['a'], signal)).rejects.toThrow();
  });

  it('fails once it is told to end', async () => {
    const object = await uploaded('uploads/ann/5', 'hello');
    await expect(bucket.read(object, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
