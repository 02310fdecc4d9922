import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbox } from '../../../lambdas/adapters/outbox.ts';
import { createVideosTable, type MediaFacts, type NewVideo } from '../../../lambdas/adapters/videos-table.ts';
import type { LocalDynamoDb } from '../../support/local-dynamodb.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startTwinDynamoDb } from '../../support/twin-dynamodb.ts';

const NOW = Date.UTC(2026, 10, 1);
const THIRTY_DAYS_SECONDS = 30 * 86_400;
const facts: MediaFacts = { format: 'jpeg', width: 4, height: 3, codecs: ['JPEG'] };
const renditions = [
  { name: 'original', key: 'videos/v/original', contentType: 'image/jpeg', width: 4, height: 3, bytes: 9 },
] as const;

describe('videos table', () => {
  let database: LocalDynamoDb;
  let lastId = 0;
  beforeAll(async () => {
    database = await startTwinDynamoDb('videos', 'outbox');
  });
  afterAll(() => database.close());

  const table = () => createVideosTable(database.client, 'videos');
  const work = (id: string) =>
    createOutbox('outbox', new ManualClock()).work('video', { id, acceptedAtMs: NOW, data: {} });
  const items = async (name: string) => (await database.client.send(new ScanCommand({ TableName: name }))).Items ?? [];
  const stored = async (videoId: string) => (await items('videos')).find((item) => item.videoId === videoId);
  const isInOutbox = async (id: string) => (await items('outbox')).some(({ aggregate }) => aggregate === id);
  const newVideo = (): NewVideo => {
    lastId += 1;
    return { videoId: `v${lastId}`, ownerId: 'ann', title: 'A day', source: 'uploads/ann/1', acceptedAtMs: NOW };
  };
  /** A video that waits, and how somebody begins it. */
  async function accepted() {
    const video = newVideo();
    await table().accept(video, []);
    const { videoId } = video;
    const begin = (claimId: string, nowMs = NOW) =>
      table().claim({ videoId, claimId, nowMs, leaseUntilMs: nowMs + 1_000 });
    return { ...video, begin };
  }

  it('accepts a video together with the work on it', async () => {
    const video = newVideo();
    expect(await table().accept(video, [work(video.videoId)])).toBe(true);
    expect(await table().find(video.videoId)).toEqual({ ...video, status: 'queued', progress: 0 });
    expect(await isInOutbox(video.videoId)).toBe(true);
  });

  it('writes nothing under an id that is taken', async () => {
    const video = newVideo();
    await table().accept(video, []);
    expect(await table().accept({ ...video, title: 'Another' }, [work('second')])).toBe(false);
    expect((await table().find(video.videoId))?.title).toBe('A day');
    expect(await isInOutbox('second')).toBe(false);
  });

  it('fails where what is written alongside may not be, and accepts nothing then', async () => {
    const video = newVideo();
    await table().accept(newVideo(), [work('taken')]);
    await expect(table().accept(video, [work('taken')])).rejects.toThrow('ConditionalCheckFailed');
    expect(await table().find(video.videoId)).toBeUndefined();
  });

  it('gives a video to one of two workers, and to the other once the lease is over', async () => {
    const { begin } = await accepted();
    expect(await begin('c1')).toMatchObject({ status: 'processing', claimId: 'c1', leaseUntilMs: NOW + 1_000 });
    expect(await begin('c2', NOW + 999)).toBeUndefined();
    expect(await begin('c2', NOW + 1_000)).toMatchObject({ claimId: 'c2' });
  });

  it('gives it to a worker whose first answer was lost', async () => {
    const { begin } = await accepted();
    await begin('c1');
    expect(await begin('c1')).toMatchObject({ claimId: 'c1' });
  });

  it('gives back what was claimed', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    expect(await table().release({ videoId, claimId: 'c2' })).toBe(false);
    expect(await table().release({ videoId, claimId: 'c1' })).toBe(true);
    expect(await table().find(videoId)).toMatchObject({ status: 'queued', progress: 0 });
    expect(await begin('c2')).toMatchObject({ claimId: 'c2' });
  });

  it('takes progress from whoever has the claim', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    expect(await table().advance({ videoId, claimId: 'c2' }, 50)).toBe(false);
    expect(await table().advance({ videoId, claimId: 'c1' }, 40)).toBe(true);
    expect((await table().find(videoId))?.progress).toBe(40);
  });

  it('finishes once, together with what tells of it', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    const claim = { videoId, claimId: 'c1' };
    expect(await table().finish({ videoId, claimId: 'c2' }, { facts, renditions }, [work(`${videoId}-no`)])).toBe(
      false,
    );
    expect(await table().finish(claim, { facts, renditions }, [work(`${videoId}-yes`)])).toBe(true);
    expect(await table().finish(claim, { facts, renditions }, [work(`${videoId}-again`)])).toBe(false);
    expect(await table().find(videoId)).toMatchObject({ status: 'ready', progress: 100, facts, renditions });
    const told = await Promise.all(['no', 'yes', 'again'].map((name) => isInOutbox(`${videoId}-${name}`)));
    expect(told).toEqual([false, true, false]);
    expect(await begin('c3', NOW + 99_999)).toBeUndefined();
  });

  it('fails for good with a reason, which is kept for thirty days', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    const failure = { videoId, claimId: 'c1', reason: 'broken', nowMs: NOW, mayRecover: false };
    expect(await table().fail(failure, [work(`${videoId}-failed`)])).toBe(true);
    expect(await stored(videoId)).toMatchObject({
      status: 'failed',
      reason: 'broken',
      expiresAt: NOW / 1_000 + THIRTY_DAYS_SECONDS,
    });
    expect(await isInOutbox(`${videoId}-failed`)).toBe(true);
    expect(await begin('c2', NOW + 99_999)).toBeUndefined();
  });

  it('fails by whoever finds that nobody is at work on it, and may be taken up again where that was no fault of it', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    const failure = { videoId, reason: 'set aside', nowMs: NOW + 999, mayRecover: true };
    expect(await table().fail(failure, [])).toBe(false);
    expect(await table().fail({ ...failure, nowMs: NOW + 1_000 }, [])).toBe(true);
    // Files may have been left: the record stays for as long as nobody has removed it.
    expect(await stored(videoId)).not.toHaveProperty('expiresAt');
    expect(await begin('c2', NOW + 2_000)).toMatchObject({ status: 'processing', claimId: 'c2' });
    expect(await stored(videoId)).not.toHaveProperty('reason');
  });

  it('cancels what waits and what is worked on, and tells its worker', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    expect(await table().cancel(videoId, NOW)).toBe(true);
    expect(await table().cancel(videoId, NOW)).toBe(false);
    expect(await table().advance({ videoId, claimId: 'c1' }, 50)).toBe(false);
    expect(await table().finish({ videoId, claimId: 'c1' }, { facts, renditions }, [])).toBe(false);
    expect(await stored(videoId)).toMatchObject({ status: 'cancelled', claimId: 'c1' });
    expect(await begin('c2', NOW + 99_999)).toBeUndefined();
  });

  it('knows until when files of a cancelled video may be left', async () => {
    const { videoId, begin } = await accepted();
    await begin('c1');
    await table().cancel(videoId, NOW);
    expect(await table().settle({ videoId, claimId: 'c2' })).toBe(false);
    expect(await table().settle({ videoId, claimId: 'c1' })).toBe(true);
    expect(await stored(videoId)).not.toHaveProperty('claimId');
  });

  it('removes what is ready or has failed, in two steps', async () => {
    const { videoId, begin } = await accepted();
    expect(await table().startRemoval(videoId, [work(`${videoId}-early`)])).toBe(false);
    await begin('c1');
    expect(await table().remove(videoId)).toBe(false);
    await table().fail({ videoId, claimId: 'c1', reason: 'broken', nowMs: NOW, mayRecover: false }, []);
    expect(await table().startRemoval(videoId, [work(`${videoId}-remove`)])).toBe(true);
    expect(await stored(videoId)).toMatchObject({ status: 'removing' });
    // Or the record would go before its files do.
    expect(await stored(videoId)).not.toHaveProperty('expiresAt');
    expect(await isInOutbox(`${videoId}-early`)).toBe(false);
    expect(await isInOutbox(`${videoId}-remove`)).toBe(true);
    expect(await table().remove(videoId)).toBe(true);
    expect(await table().find(videoId)).toBeUndefined();
  });
});

describe('videos table, where transactions meet', () => {
  const conflict = () =>
    new TransactionCanceledException({
      $metadata: {},
      message: 'Transaction cancelled',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
  /** A client whose first writes meet others. */
  function clientInConflict(times: number) {
    let calls = 0;
    const send = async () => {
      calls += 1;
      if (calls <= times) throw conflict();
      return {};
    };
    return { client: { send } as unknown as LocalDynamoDb['client'], calls: () => calls };
  }

  it('tries again at once', async () => {
    const { client, calls } = clientInConflict(2);
    expect(await createVideosTable(client, 'videos').startRemoval('v', [])).toBe(true);
    expect(calls()).toBe(3);
  });

  it('fails after the third time', async () => {
    const { client, calls } = clientInConflict(3);
    await expect(createVideosTable(client, 'videos').startRemoval('v', [])).rejects.toThrow('Transaction cancelled');
    expect(calls()).toBe(3);
  });
});
