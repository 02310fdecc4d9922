import { describe, expect, it } from 'vitest';
import type { VideoWork } from '../../../../lambdas/contract/video.ts';
import type { Job } from '../../../../lambdas/middleware/queue-worker.ts';
import { VideoBusy } from '../../../../lambdas/workers/video/process-video.ts';
import { videoJobs } from '../../../../lambdas/workers/video/video-jobs.ts';
import { createVideoWorld } from '../../../support/video-world.ts';

const PNG = Buffer.from('a picture');
const job = <T>(data: T): Job<T> => ({
  id: 'job-1',
  data,
  attempt: 1,
  acceptedAtMs: 0,
  deadlineMs: undefined,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  messageId: 'm1',
});
const process = job<VideoWork>({ action: 'process', videoId: 'v' });
const remove = job<VideoWork>({ action: 'remove', videoId: 'v' });
const { signal } = new AbortController();

function createJobs() {
  const world = createVideoWorld();
  const { handle, onExpired, onSetAside } = videoJobs(world.dependencies);
  if (onExpired === undefined || onSetAside === undefined) throw new Error('nobody is told');
  return { ...world, handle, onExpired, onSetAside };
}

/** A video that somebody is at work on. */
async function begun({ accept, videos, clock }: ReturnType<typeof createJobs>) {
  await accept('v', PNG);
  await videos.claim({ videoId: 'v', claimId: 'other', nowMs: clock.now(), leaseUntilMs: clock.now() + 135_000 });
}

describe('videoJobs', () => {
  it('processes and tells of it with the trace of the request', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.handle(process, signal);
    expect(jobs.record('v')?.status).toBe('ready');
    expect(jobs.videos.outbox[0]).toMatchObject({
      type: 'VideoProcessed',
      subject: 'v',
      traceparent: process.traceparent,
      data: { status: 'ready' },
    });
  });

  it('removes files and record of a video whose removal was started', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.handle(process, signal);
    await jobs.videos.startRemoval('v', []);
    await jobs.handle(remove, signal);
    expect(jobs.made('v')).toEqual([]);
    expect(jobs.record('v')).toBeUndefined();
    await jobs.handle(remove, signal);
  });

  it('goes on with a removal that was half done', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.handle(process, signal);
    await jobs.videos.startRemoval('v', []);
    jobs.bucket.beforeCall = () => {
      throw new Error('S3 is gone');
    };
    await expect(jobs.handle(remove, signal)).rejects.toThrow('S3 is gone');
    expect(jobs.record('v')?.status).toBe('removing');
    jobs.bucket.beforeCall = () => {};
    await jobs.handle(remove, signal);
    expect(jobs.record('v')).toBeUndefined();
  });

  it('removes nothing of a video that nobody asked to remove', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.handle(process, signal);
    await jobs.handle(remove, signal);
    expect(jobs.made('v')).toHaveLength(3);
    expect(jobs.record('v')?.status).toBe('ready');
  });

  it('records that a video was not begun in time', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.onExpired(process);
    await jobs.onExpired(process);
    const reason = 'it was not looked at in time; send it again';
    expect(jobs.record('v')).toMatchObject({ status: 'failed', reason, mayRecover: false });
    expect(jobs.told()).toEqual([{ videoId: 'v', ownerId: 'ann', status: 'failed' }]);
  });

  it('records that a video was set aside, until it is sent again', async () => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.onSetAside(process, new Error('S3 is gone'));
    expect(jobs.record('v')).toMatchObject({ status: 'failed', mayRecover: true });
    await jobs.handle(process, signal);
    expect(jobs.record('v')?.status).toBe('ready');
    expect(jobs.told()).toMatchObject([{ status: 'failed' }, { status: 'ready' }]);
  });

  it('fails to record either while somebody may be at work on it', async () => {
    const jobs = createJobs();
    await begun(jobs);
    await expect(jobs.onExpired(process)).rejects.toThrow(VideoBusy);
    await expect(jobs.onSetAside(process, new Error('no'))).rejects.toThrow(VideoBusy);
    jobs.passLease();
    await jobs.onExpired(process);
    expect(jobs.record('v')?.status).toBe('failed');
  });

  it('leaves a video as it is that has come to an end, or is gone', async () => {
    const jobs = createJobs();
    await jobs.onExpired(process);
    await jobs.accept('v', PNG);
    await jobs.handle(process, signal);
    await jobs.onSetAside(process, new Error('too late'));
    await jobs.onExpired(process);
    expect(jobs.record('v')?.status).toBe('ready');
  });

  it.each([
    ['a removal', remove.data],
    ['what is no work', { action: 'dance' }],
    ['nothing', undefined],
  ])('records nothing of %s that was set aside', async (_, data) => {
    const jobs = createJobs();
    await jobs.accept('v', PNG);
    await jobs.onSetAside(job(data), new Error('no'));
    expect(jobs.record('v')?.status).toBe('queued');
  });
});
