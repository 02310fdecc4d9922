import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMediaLinks, type MediaLinks, type UploadForm } from '../../../../lambdas/adapters/media/media-links.ts';
import { BUCKET, type RunningS3, runS3 } from '../../../support/running-s3.ts';

const key = 'uploads/ann/1';

describe('createMediaLinks', () => {
  let s3: RunningS3;
  let links: MediaLinks;
  beforeAll(async () => {
    s3 = await runS3();
    links = createMediaLinks(s3.signer, BUCKET);
  });
  afterAll(() => s3.close());

  const formFor = (bytes: number) => links.presignUpload({ key, contentType: 'image/png', bytes, seconds: 60 });
  /** Sends a file as a browser does, with the form's fields as they are or changed. */
  async function send({ url, fields }: UploadForm, file: string, changes: Record<string, string> = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value);
    form.append('file', new Blob([file]));
    const response = await fetch(url, { method: 'POST', body: form });
    return { status: response.status, text: await response.text() };
  }

  it('permits to upload one file of this type and size', async () => {
    expect(await send(await formFor(5), 'hello')).toMatchObject({ status: 204 });
    const read = await fetch(await links.presignDownload(key, 60));
    expect(await read.text()).toBe('hello');
    expect(read.headers.get('content-type')).toBe('image/png');
  });

  it.each([
    ['one byte more', 'hello!', {}, 'EntityTooLarge'],
    ['one byte less', 'hell', {}, 'EntityTooSmall'],
    ['another type', 'hello', { 'Content-Type': 'text/html' }, 'AccessDenied'],
    ["somebody else's key", 'hello', { key: 'uploads/bob/1' }, 'AccessDenied'],
  ])('does not permit %s', async (_, file, changes, code) => {
    const { status, text } = await send(await formFor(5), file, changes);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toContain(code);
  });

  it('permits to read that object alone', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'videos/v/original', Body: 'mine' }));
    const link = await links.presignDownload('videos/v/original', 60);
    expect(await (await fetch(link)).text()).toBe('mine');
    expect((await fetch(link.replace('/v/', '/w/'))).status).toBe(403);
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
  });
});
