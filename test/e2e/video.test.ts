import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Upload, Video, VideoAccepted } from '../../lambdas/contract/video.ts';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { waitFor } from '../../local/demo/wait-for.ts';
import type { Twin } from '../../local/twin/twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { sampleJpeg, samplePng } from '../support/sample-images.ts';
import { sampleMp4 } from '../support/sample-media.ts';

/** The first work of a worker loads some megabytes of codecs, and machines of tests are busy. */
const DONE_WITHIN_MS = 40_000;

describe('videos over HTTP', () => {
  let twin: Twin;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    twin = await runTwin();
    [ada, bob] = await Promise.all([signUpPerson(twin.apiUrl, 'ada'), signUpPerson(twin.apiUrl, 'bob')]);
  });
  afterAll(() => twin?.close());

  const askToUpload = async (contentType: string, bytes: number) =>
    (await ada.client.expect<Upload>(201, 'POST', '/api/video/uploads', { contentType, bytes })).body;
  /** Sends the file as a browser does. */
  async function sendFile({ upload }: Upload, file: Uint8Array): Promise<number> {
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append('file', new Blob([new Uint8Array(file)]));
    return (await fetch(upload.url, { method: 'POST', body: form })).status;
  }
  async function uploaded(file: Uint8Array, contentType: string): Promise<string> {
    const upload = await askToUpload(contentType, file.length);
    expect(await sendFile(upload, file)).toBe(204);
    return upload.source;
  }
  const post = (source: string, person = ada) =>
    person.client.expect<VideoAccepted>(202, 'POST', '/api/video', { title: 'A day', source });
  const read = (id: string) => ada.client.expect<Video>(200, 'GET', `/api/video/${id}`);
  const ended = (id: string) =>
    waitFor(
      async () => {
        const { body } = await read(id);
        return body.status === 'queued' || body.status === 'processing' ? undefined : body;
      },
      DONE_WITHIN_MS,
      `video ${id} came to no end`,
    );

  it('makes images of a photograph, which its owner can see', async () => {
    const accepted = await post(await uploaded(await sampleJpeg(640, 400), 'image/jpeg'));
    expect(accepted.headers.get('location')).toBe(accepted.body.statusUrl);
    expect(accepted.body).toMatchObject({ status: 'queued', statusUrl: expect.stringContaining(accepted.body.id) });
    const video = await ended(accepted.body.id);
    expect(video).toMatchObject({ status: 'ready', format: 'jpeg', width: 640, height: 400, title: 'A day' });
    const thumbnail = video.renditions?.find(({ name }) => name === 'thumbnail');
    expect(thumbnail).toMatchObject({ contentType: 'image/webp', width: 320, height: 200 });
    const image = await fetch(thumbnail?.url ?? '');
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const bytes = Buffer.from(await image.arrayBuffer());
    expect([bytes.length, bytes.toString('latin1', 8, 12)]).toEqual([thumbnail?.bytes, 'WEBP']);
  }, 60_000);

  it('tells size, length and codec of a video', async () => {
    const file = sampleMp4({ width: 1_280, height: 720, seconds: 9, indexLast: true });
    const { body } = await post(await uploaded(file, 'video/mp4'));
    const video = await ended(body.id);
    expect(video).toMatchObject({ status: 'ready', format: 'mp4', width: 1_280, height: 720, durationSeconds: 9 });
    expect(video.codecs).toEqual(['AVC']);
    const original = await fetch(video.renditions?.[0]?.url ?? '');
    expect(Buffer.from(await original.arrayBuffer()).equals(file)).toBe(true);
  }, 60_000);

  it('fails a broken file, and one that lies, with a reason', async () => {
    const png = await samplePng(64, 40);
    const broken = png.slice().fill(0x5a, 60, 90);
    const [first, second] = await Promise.all([
      post(await uploaded(broken, 'image/png')),
      post(await uploaded(png, 'video/mp4')),
    ]);
    const [damaged, lying] = [await ended(first.body.id), await ended(second.body.id)];
    expect(damaged).toMatchObject({ status: 'failed', reason: expect.stringContaining('damaged') });
    expect(lying).toMatchObject({ status: 'failed', reason: expect.stringContaining('it is png') });
  }, 60_000);

  it('fails a video whose file was never uploaded', async () => {
    const { source } = await askToUpload('image/png', 100);
    const { body } = await post(source);
    expect(await ended(body.id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nothing was uploaded'),
    });
  }, 60_000);

  it('has S3 refuse a file that is larger or smaller than was said', async () => {
    const upload = await askToUpload('image/png', 100);
    expect(await sendFile(upload, new Uint8Array(101))).toBe(400);
    expect(await sendFile(upload, new Uint8Array(99))).toBe(400);
  });

  it.each([
    [{ contentType: 'text/html', bytes: 5 }, 400, 'text/html'],
    [{ contentType: 'image/png', bytes: 20 * 1_024 ** 2 + 1 }, 413, '20971521'],
    [{ contentType: 'image/png', bytes: 0 }, 400, 'minimum: 1'],
  ])('fails to permit an upload of %o', async (body, status, part) => {
    const answer = await ada.client.send<{ detail: string }>('POST', '/api/video/uploads', body);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(part)]);
  });

  it('accepts a request once that comes again with its key', async () => {
    const source = await uploaded(await samplePng(32, 20), 'image/png');
    const send = async () => {
      const response = await fetch(`${twin.apiUrl.replace(/\/$/, '')}/api/video`, {
        method: 'POST',
        headers: { ...ada.client.headers, 'content-type': 'application/json', 'idempotency-key': 'a-day' },
        body: JSON.stringify({ title: 'A day', source }),
      });
      return { status: response.status, body: (await response.json()) as VideoAccepted };
    };
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(202);
    expect(again).toEqual(first);
  });

  it("keeps a video, and an upload, from everybody but their owner's eyes and hands", async () => {
    const source = await uploaded(await samplePng(32, 20), 'image/png');
    const { body } = await post(source);
    expect((await bob.client.send('GET', `/api/video/${body.id}`)).status).toBe(404);
    expect((await bob.client.send('DELETE', `/api/video/${body.id}`)).status).toBe(404);
    const taken = await bob.client.send<{ detail: string }>('POST', '/api/video', { title: 'Mine', source });
    expect([taken.status, taken.body.detail]).toEqual([400, expect.stringContaining('an upload of yours')]);
  });

  it('cancels a video, and removes one that is ready with its files', async () => {
    const { body: cancelled } = await post((await askToUpload('image/png', 100)).source);
    const { status } = await ada.client.send('DELETE', `/api/video/${cancelled.id}`);
    expect(status).toBe(204);
    expect(['cancelled', undefined]).toContain(
      (await ada.client.send<Video>('GET', `/api/video/${cancelled.id}`)).body.status,
    );

    const { body } = await post(await uploaded(await samplePng(32, 20), 'image/png'));
    const [rendition] = (await ended(body.id)).renditions ?? [];
    await ada.client.expect(204, 'DELETE', `/api/video/${body.id}`);
    expect((await ada.client.send('GET', `/api/video/${body.id}`)).status).toBe(404);
    const isGone = async () => (await fetch(rendition?.url ?? '')).status === 404 || undefined;
    // S3 answers 403 where the signer may not list the bucket, which is the case here.
    const isHidden = async () => (await fetch(rendition?.url ?? '')).status === 403 || undefined;
    await waitFor(async () => (await isGone()) ?? (await isHidden()), DONE_WITHIN_MS, 'the files were not removed');
  }, 60_000);
});
