import { beforeAll, describe, expect, it } from 'vitest';
import { VIDEO_LEASE_SECONDS } from '../../../../lambdas/contract/video.ts';
import { VideoBusy } from '../../../../lambdas/workers/video/process-video.ts';
import { samplePng } from '../../../support/sample-images.ts';
import { sampleMp4 } from '../../../support/sample-media.ts';
import { createVideoWorld } from '../../../support/video-world.ts';

/** Somebody else begins to work on the video. */
function begin({ videos, clock }: ReturnType<typeof createVideoWorld>, claimId: string) {
  const nowMs = clock.now();
  return videos.claim({ videoId: 'v', claimId, nowMs, leaseUntilMs: nowMs + VIDEO_LEASE_SECONDS * 1_000 });
}

const MADE = ['videos/v/image.webp', 'videos/v/original', 'videos/v/thumbnail.webp'];

describe('processVideo', () => {
  let png: Uint8Array;
  beforeAll(async () => {
    png = await samplePng(640, 400);
  });

  it('makes an image and a thumbnail of an image, and tells of it once', async () => {
    const world = createVideoWorld({ withCodecs: true });
    await world.accept('v', png);
    await world.process('v');
    expect(world.record('v')).toMatchObject({
      status: 'ready',
      progress: 100,
      facts: { format: 'png', width: 640, height: 400 },
      renditions: [
        { name: 'original', contentType: 'image/png', width: 640, height: 400, bytes: png.length },
        { name: 'image', contentType: 'image/webp', width: 640, height: 400 },
        { name: 'thumbnail', contentType: 'image/webp', width: 320, height: 200 },
      ],
    });
    expect(world.made('v')).toEqual(MADE);
    const thumbnail = world.bucket.objects.get('videos/v/thumbnail.webp');
    expect(Buffer.from(thumbnail?.bytes.subarray(8, 12) ?? []).toString()).toBe('WEBP');
    expect(world.told()).toEqual([{ videoId: 'v', ownerId: 'ann', status: 'ready', format: 'png' }]);
  });

  it('keeps a video as it is', async () => {
    const world = createVideoWorld({ withCodecs: true });
    await world.accept('v', sampleMp4({ width: 1_920, height: 1_080, seconds: 7 }), 'video/mp4');
    await world.process('v');
    expect(world.record('v')).toMatchObject({
      status: 'ready',
      facts: { format: 'mp4', width: 1_920, height: 1_080, durationMs: 7_000, codecs: ['AVC'] },
      renditions: [{ name: 'original', key: 'videos/v/original', contentType: 'video/mp4' }],
    });
  });

  it('changes nothing when it is delivered again', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    await world.process('v');
    const before = world.record('v');
    await world.process('v');
    expect(world.record('v')).toEqual(before);
    expect(world.told()).toHaveLength(1);
  });

  it('fails a video for good with a reason, and tells of it once', async () => {
    const world = createVideoWorld();
    await world.accept('v', Buffer.from('no image at all'));
    await world.process('v');
    await world.process('v');
    expect(world.record('v')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('no format'),
      mayRecover: false,
    });
    expect(world.told()).toEqual([{ videoId: 'v', ownerId: 'ann', status: 'failed' }]);
    expect(world.made('v')).toEqual([]);
  });

  it('tells how far it is, a handful of times', async () => {
    const world = createVideoWorld();
    const seen: number[] = [];
    const { advance } = world.videos;
    world.videos.advance = (claim, progress) => {
      seen.push(progress);
      return advance.call(world.videos, claim, progress);
    };
    await world.accept('v', png);
    await world.process('v');
    expect(seen).toEqual([20, 40, 60, 80]);
  });

  it('fails while S3 does, and finds the video free the next time', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    world.bucket.beforeCall = (operation) => {
      if (operation === 'copy') throw new Error('S3 is gone');
    };
    await expect(world.process('v')).rejects.toThrow('S3 is gone');
    expect(world.record('v')).toMatchObject({ status: 'queued' });
    world.bucket.beforeCall = () => {};
    await world.process('v');
    expect(world.record('v')?.status).toBe('ready');
  });

  it('fails for a video that was given back just after it could not be claimed, so that its message stays', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    const { claim, release } = world.videos;
    await begin(world, 'somebody');
    world.videos.claim = async (wanted) => {
      const claimed = await claim.call(world.videos, wanted);
      await release.call(world.videos, { videoId: 'v', claimId: 'somebody' });
      return claimed;
    };
    await expect(world.process('v')).rejects.toThrow(VideoBusy);
    expect(world.record('v')).toMatchObject({ status: 'queued' });
  });

  it('fails when it is told to end, and leaves the video to the next one', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    const time = new AbortController();
    world.bucket.beforeCall = (operation) => {
      if (operation === 'put') time.abort(new Error("the invocation's time is up"));
    };
    await expect(world.process('v', time.signal)).rejects.toThrow('time is up');
    expect(world.record('v')?.status).toBe('queued');
  });

  it('fails while somebody else is at work on it, whatever they come to', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    await begin(world, 'other');
    await expect(world.process('v')).rejects.toThrow(VideoBusy);
    expect(world.record('v')?.claimId).toBe('other');
    world.passLease();
    await world.process('v');
    expect(world.record('v')?.status).toBe('ready');
  });

  it('stops at the next step once it is cancelled, and leaves no file', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    world.bucket.beforeCall = async (operation) => {
      if (operation === 'put') await world.videos.cancel('v', world.clock.now());
    };
    await world.process('v');
    expect(world.record('v')).toMatchObject({ status: 'cancelled' });
    expect(world.record('v')).not.toHaveProperty('claimId');
    expect(world.made('v')).toEqual([]);
    expect(world.told()).toEqual([]);
  });

  it('removes what a worker left that died after its video was cancelled', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    await begin(world, 'dead');
    await world.bucket.put('videos/v/image.webp', png, 'image/webp', new AbortController().signal);
    await world.videos.cancel('v', world.clock.now());
    // They may still write.
    await expect(world.process('v')).rejects.toThrow(VideoBusy);
    world.passLease();
    await world.process('v');
    expect(world.made('v')).toEqual([]);
    expect(world.record('v')).not.toHaveProperty('claimId');
  });

  it('lets a video be that was cancelled before anybody began it, or that is gone', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    await world.videos.cancel('v', world.clock.now());
    await world.process('v');
    await world.process('never-was');
    expect(world.record('v')?.status).toBe('cancelled');
    expect(world.made('v')).toEqual([]);
  });

  it('takes up again what failed for no fault of its own', async () => {
    const world = createVideoWorld();
    await world.accept('v', png);
    await world.videos.fail({ videoId: 'v', reason: 'set aside', nowMs: world.clock.now(), mayRecover: true }, []);
    await world.process('v');
    expect(world.record('v')).toMatchObject({ status: 'ready' });
  });

  // Whatever call is the last one of a worker that is killed, the next one comes to the same end.
  it.each(Array.from({ length: 12 }, (_, calls) => calls))('comes to one end, killed after %i calls', async (calls) => {
    const world = createVideoWorld();
    await world.accept('v', png);
    let left = calls;
    const death = Promise.withResolvers<void>();
    const kill = async <T>(call: () => Promise<T>): Promise<T> => {
      left -= 1;
      if (left >= 0) return call();
      death.resolve();
      return new Promise<never>(() => {});
    };
    const { bucket, videos } = world;
    world.bucket.beforeCall = () => kill(async () => {});
    const { advance, finish } = videos;
    videos.advance = (...args) => kill(() => advance.apply(videos, args));
    videos.finish = (...args) => kill(() => finish.apply(videos, args));
    await Promise.race([world.process('v'), death.promise]);
    left = Number.POSITIVE_INFINITY;
    bucket.beforeCall = () => {};
    world.passLease();
    await world.process('v');
    expect(world.record('v')?.status).toBe('ready');
    expect(world.made('v')).toEqual(MADE);
    expect(world.told()).toHaveLength(1);
  });
});
