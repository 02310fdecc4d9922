import { describe, expect, it } from 'vitest';
import { createOutbox, type TransactionItem } from '../../../../lambdas/adapters/outbox.ts';
import type { Upload, Video, VideoAccepted } from '../../../../lambdas/contract/video.ts';
import type { RouteReply, RouteRequest } from '../../../../lambdas/middleware/route-request.ts';
import { uploadKey } from '../../../../lambdas/services/video/upload-key.ts';
import { videoRoutes } from '../../../../lambdas/services/video/video-routes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryVideos } from '../../../support/memory-videos.ts';
import { routeRequest } from '../../../support/route-request.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const MEBIBYTE = 1_024 ** 2;
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function createService() {
  const clock = new ManualClock();
  const videos = new MemoryVideos();
  const signed: unknown[] = [];
  const routes = videoRoutes({
    videos,
    clock,
    outbox: createOutbox('outbox', clock),
    nextId: () => ID,
    links: {
      presignUpload: async (upload) => {
        signed.push(upload);
        return { url: 'https://bucket', fields: { key: upload.key } };
      },
      presignDownload: async (key, seconds) => `https://bucket/${key}?for=${seconds}`,
    },
  });
  const call = (name: string, request: Partial<RouteRequest> & { readonly sub?: string } = {}): Promise<RouteReply> => {
    const handler = routes[name];
    if (handler === undefined) throw new Error(`no ${name}`);
    const { sub = 'ann', ...more } = request;
    return handler({ ...routeRequest({ sub }), ...more });
  };
  const post = (more: Partial<RouteRequest> & { readonly sub?: string } = {}) =>
    call('POST /api/video', { body: { title: 'A day', source: uploadKey('ann', ID) }, ...more });
  const get = (videoId: string, sub = 'ann') => call('GET /api/video/{videoId}', { path: { videoId }, sub });
  const remove = (videoId: string, sub = 'ann') => call('DELETE /api/video/{videoId}', { path: { videoId }, sub });
  const claim = { videoId: 'effect-1', claimId: 'c' };
  const begin = () => videos.claim({ ...claim, nowMs: clock.now(), leaseUntilMs: clock.now() + 1_000 });
  return { clock, videos, signed, call, post, get, remove, claim, begin };
}

const facts = { format: 'mp4', width: 4, height: 3, durationMs: 2_500, codecs: ['AVC'] };
const original = { name: 'original', contentType: 'video/mp4', width: 4, height: 3, bytes: 9 } as const;

describe('POST /api/video/uploads', () => {
  const ask = (contentType: string, bytes: number) =>
    createService().call('POST /api/video/uploads', { body: { contentType, bytes } });

  it('permits one file of this type and size, for a quarter of an hour', async () => {
    const service = createService();
    const reply = await service.call('POST /api/video/uploads', { body: { contentType: 'image/png', bytes: 5 } });
    const source = `uploads/ann/${ID}`;
    expect(reply).toEqual({
      statusCode: 201,
      body: {
        source,
        upload: { url: 'https://bucket', fields: { key: source } },
        expiresAt: '2026-11-01T00:15:00.000Z',
      } satisfies Upload,
    });
    expect(service.signed).toEqual([{ key: source, contentType: 'image/png', bytes: 5, seconds: 900 }]);
  });

  it.each([
    ['image/png', 20 * MEBIBYTE],
    ['video/mp4', 2_048 * MEBIBYTE],
  ])('permits just as much of %s as may be, and not a byte more', async (contentType, bytes) => {
    expect((await ask(contentType, bytes)).statusCode).toBe(201);
    await expect(ask(contentType, bytes + 1)).rejects.toMatchObject({
      code: 'upload-too-large',
      statusCode: 413,
      message: `bytes: ${contentType} may have ${bytes} bytes at most, got ${bytes + 1}`,
    });
  });

  it.each(['text/html', 'image/gif', 'IMAGE/PNG', 'toString', 'image/png; charset=x'])('fails for %s', async (type) => {
    await expect(ask(type, 5)).rejects.toMatchObject({
      code: 'unsupported-content-type',
      statusCode: 400,
      message: expect.stringContaining(`image/webp, got '${type}'`),
    });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])('fails for %o bytes', async (bytes) => {
    await expect(ask('image/png', bytes as number)).rejects.toMatchObject({ statusCode: 400, message: /bytes/ });
  });
});

describe('POST /api/video', () => {
  it('accepts a video together with the work on it', async () => {
    const service = createService();
    const reply = await service.post({ traceparent: TRACE });
    const statusUrl = '/dev/api/video/effect-1';
    expect(reply).toEqual({
      statusCode: 202,
      headers: { Location: statusUrl, 'Retry-After': '2' },
      body: { id: 'effect-1', status: 'queued', statusUrl } satisfies VideoAccepted,
    });
    const nowMs = service.clock.now();
    expect(service.videos.outbox).toEqual([
      {
        id: 'effect-1',
        acceptedAtMs: nowMs,
        deadlineMs: nowMs + 24 * 3_600_000,
        traceparent: TRACE,
        group: 'ann',
        data: { action: 'process', videoId: 'effect-1' },
      },
    ]);
  });

  it('keeps the answer in the same transaction, and answers what it kept', async () => {
    const service = createService();
    const kept: RouteReply[] = [];
    const item = { Put: { TableName: 'idempotency', Item: { id: 'key' } } } satisfies TransactionItem;
    const completion = (reply: RouteReply) => {
      kept.push(reply);
      return item;
    };
    const reply = await service.post({ completion });
    expect(service.videos.alongside).toContain(item);
    expect(kept).toEqual([reply]);
    expect(kept[0]).toBe(reply);
    // This one finds that it was done before, and wrote nothing.
    const again = await service.post({ completion });
    expect(again).toEqual(reply);
    expect(again).not.toBe(kept[1]);
    expect(service.videos.outbox).toHaveLength(1);
  });

  it('answers an own earlier attempt alike, however far that has come', async () => {
    const service = createService();
    const first = await service.post();
    await service.begin();
    expect(await service.post()).toEqual(first);
  });

  it.each([
    ['title', { body: { title: 'Another', source: uploadKey('ann', ID) } }],
    ['owner', { sub: 'bob', body: { title: 'A day', source: uploadKey('bob', ID) } }],
  ])('fails for an id that names a video of another %s', async (_, other) => {
    const service = createService();
    await service.post();
    await expect(service.post(other)).rejects.toMatchObject({ code: 'video-exists', statusCode: 409 });
  });

  it("fails for somebody else's upload, and accepts nothing", async () => {
    const service = createService();
    await expect(service.post({ sub: 'bob' })).rejects.toMatchObject({ code: 'not-your-upload', statusCode: 400 });
    expect(service.videos.items.size).toBe(0);
  });

  it.each([
    {},
    { title: 'x' },
    { title: ' ', source: 's' },
    { title: 'x'.repeat(201), source: 's' },
    { title: 'x', source: 's', more: 1 },
  ])('fails for %o', async (body) => {
    await expect(createService().post({ body })).rejects.toMatchObject({ code: 'invalid-request', statusCode: 400 });
  });
});

describe('GET /api/video/{videoId}', () => {
  const base = { id: 'effect-1', title: 'A day', createdAt: '2026-11-01T00:00:00.000Z' };

  it('tells that it waits, how far it is, and when to ask again', async () => {
    const service = createService();
    await service.post();
    const headers = { 'Retry-After': '2' };
    expect(await service.get('effect-1')).toEqual({ statusCode: 200, headers, body: { ...base, status: 'queued' } });
    await service.begin();
    await service.videos.advance(service.claim, 40);
    const body = { ...base, status: 'processing', progress: 40 };
    expect(await service.get('effect-1')).toEqual({ statusCode: 200, headers, body });
  });

  it('gives links of what is ready', async () => {
    const service = createService();
    await service.post();
    await service.begin();
    const renditions = [{ ...original, key: 'videos/effect-1/original' }];
    await service.videos.finish(service.claim, { facts, renditions }, []);
    expect(await service.get('effect-1')).toEqual({
      statusCode: 200,
      body: {
        ...base,
        status: 'ready',
        format: 'mp4',
        width: 4,
        height: 3,
        durationSeconds: 2.5,
        codecs: ['AVC'],
        renditions: [{ ...original, url: 'https://bucket/videos/effect-1/original?for=900' }],
      } satisfies Video,
    });
  });

  it('tells why it failed, or that it was cancelled', async () => {
    const service = createService();
    await service.post();
    await service.begin();
    await service.videos.fail({ ...service.claim, reason: 'broken', nowMs: 0, mayRecover: false }, []);
    expect((await service.get('effect-1')).body).toEqual({ ...base, status: 'failed', reason: 'broken' });
    const other = createService();
    await other.post();
    await other.remove('effect-1');
    expect((await other.get('effect-1')).body).toEqual({ ...base, status: 'cancelled' });
  });

  it.each(['none', '../effect-1', 'x'.repeat(65), ''])('fails for %o', async (videoId) => {
    const service = createService();
    await service.post();
    await expect(service.get(videoId)).rejects.toMatchObject({ code: 'no-such-video', statusCode: 404 });
  });

  it('fails for everybody but its owner as if there were none', async () => {
    const service = createService();
    await service.post();
    await expect(service.get('effect-1', 'bob')).rejects.toMatchObject({ code: 'no-such-video', statusCode: 404 });
  });
});

describe('DELETE /api/video/{videoId}', () => {
  it('cancels what waits, and what is worked on; again changes nothing', async () => {
    const service = createService();
    await service.post();
    await service.begin();
    expect(await service.remove('effect-1')).toEqual({ statusCode: 204 });
    expect(await service.remove('effect-1')).toEqual({ statusCode: 204 });
    expect(await service.videos.advance(service.claim, 50)).toBe(false);
    expect(service.videos.outbox).toHaveLength(1);
  });

  it('has the files removed of what is ready or has failed, and hides it at once', async () => {
    const service = createService();
    await service.post();
    await service.begin();
    await service.videos.finish(service.claim, { facts, renditions: [] }, []);
    expect(await service.remove('effect-1')).toEqual({ statusCode: 204 });
    const work = { id: 'effect-1:remove', group: 'ann', data: { action: 'remove', videoId: 'effect-1' } };
    expect(service.videos.outbox.at(-1)).toMatchObject(work);
    expect(service.videos.outbox.at(-1)).not.toHaveProperty('deadlineMs');
    await expect(service.get('effect-1')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('removes a video that became ready meanwhile', async () => {
    const service = createService();
    await service.post();
    await service.begin();
    const { cancel } = service.videos;
    service.videos.cancel = async (...args) => {
      await service.videos.finish(service.claim, { facts, renditions: [] }, []);
      return cancel.apply(service.videos, args);
    };
    await service.remove('effect-1');
    expect(service.videos.items.get('effect-1')?.status).toBe('removing');
  });

  it('fails where the video never stands still', async () => {
    const service = createService();
    await service.post();
    service.videos.cancel = async () => false;
    await expect(service.remove('effect-1')).rejects.toMatchObject({ code: 'video-changing', statusCode: 409 });
  });

  it('fails for everybody but its owner, and changes nothing', async () => {
    const service = createService();
    await service.post();
    await expect(service.remove('effect-1', 'bob')).rejects.toMatchObject({ code: 'no-such-video', statusCode: 404 });
    expect(service.videos.items.get('effect-1')?.status).toBe('queued');
  });
});
