import { beforeAll, describe, expect, it } from 'vitest';
import { createMediaProbe } from '../../../../lambdas/adapters/media/media-probe.ts';
import { examineUpload } from '../../../../lambdas/workers/video/examine-upload.ts';
import { UnusableUpload } from '../../../../lambdas/workers/video/unusable-upload.ts';
import { MEDIA_INFO_PATH } from '../../../support/codec-bytes.ts';
import { MemoryMediaBucket } from '../../../support/memory-videos.ts';
import { sampleJpeg, samplePng } from '../../../support/sample-images.ts';
import { sampleMp4, sampleWebm } from '../../../support/sample-media.ts';

const SOURCE = 'uploads/ann/1';
const { signal } = new AbortController();

/** The same PNG, with another size written into its head. */
function claiming(png: Uint8Array, width: number, height: number): Uint8Array {
  const copy = Buffer.from(png);
  copy.writeUInt32BE(width, 16);
  copy.writeUInt32BE(height, 20);
  return copy;
}

describe('examineUpload', () => {
  let png: Uint8Array;
  let jpeg: Uint8Array;
  beforeAll(async () => {
    [png, jpeg] = await Promise.all([samplePng(60, 40), sampleJpeg(60, 40)]);
  });
  const bucketWith = (file: Uint8Array, contentType: string) => {
    const bucket = new MemoryMediaBucket();
    bucket.upload(SOURCE, file, contentType);
    return bucket;
  };
  const probe = createMediaProbe(MEDIA_INFO_PATH);
  const examine = (file: Uint8Array, contentType: string) =>
    examineUpload({ bucket: bucketWith(file, contentType), probe }, SOURCE, signal);

  it('finds what an image and a video are', async () => {
    const image = { family: 'jpeg', facts: { format: 'jpeg', width: 60, height: 40, codecs: ['JPEG'] } };
    expect(await examine(jpeg, 'image/jpeg')).toMatchObject(image);
    const video = {
      family: 'iso',
      facts: { format: 'mp4', width: 320, height: 180, durationMs: 4_000, codecs: ['AVC'] },
    };
    expect(await examine(sampleMp4(), 'video/mp4')).toMatchObject(video);
  });

  it.each([
    ['MP4', sampleMp4(), 'video/quicktime', 'mp4'],
    ['WebM', sampleWebm(), 'video/x-matroska', 'webm'],
  ])('takes %s under the name of its relative, and calls it what it is', async (_, file, contentType, format) => {
    expect((await examine(file, contentType)).facts.format).toBe(format);
  });

  it('fails where nothing was uploaded', async () => {
    const nothing = examineUpload({ bucket: new MemoryMediaBucket(), probe }, SOURCE, signal);
    await expect(nothing).rejects.toThrow(new UnusableUpload('nothing was uploaded, or it was too long ago'));
  });

  it.each<readonly [string, () => Uint8Array, string, string]>([
    ['is empty', () => new Uint8Array(), 'image/png', 'the file is empty'],
    ['is text', () => Buffer.from('hello'.repeat(99)), 'image/png', 'no format that is known here'],
    ['is of a type that is not taken', () => png, 'text/html', 'a type or a size that is not taken (text/html)'],
    ['is of a type that objects have by birth', () => png, 'constructor', 'is not taken (constructor)'],
    ['lies about its type', () => jpeg, 'image/png', 'says that it is image/png, but it is jpeg'],
    [
      'is a video that calls itself an image',
      () => sampleMp4(),
      'image/jpeg',
      'says that it is image/jpeg, but it is mp4',
    ],
    ['is cut off', () => png.subarray(0, png.length - 30), 'image/png', 'the file is cut off'],
    ['lacks its index', () => sampleMp4({ indexLast: true }).subarray(0, 200), 'video/mp4', 'the file is cut off'],
    ['has no pixels', () => sampleMp4({ width: 0, height: 0 }), 'video/mp4', 'the mp4 file has no picture in it'],
    [
      'claims to be huge',
      () => claiming(png, 40_000, 40_000),
      'image/png',
      '40000 × 40000 pixels, and 40 million are the most',
    ],
    ['claims a pixel too many', () => claiming(png, 8_001, 5_000), 'image/png', '8001 × 5000 pixels'],
  ])('fails for a file that %s, with words for its owner', async (_, file, contentType, reason) => {
    const error = await examine(file(), contentType).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnusableUpload);
    expect((error as Error).message).toContain(reason);
  });

  it('takes just as many pixels as may be', async () => {
    expect((await examine(claiming(png, 8_000, 5_000), 'image/png')).facts).toMatchObject({
      width: 8_000,
      height: 5_000,
    });
  });

  it('fails as S3 does, which says nothing of the file', async () => {
    const bucket = bucketWith(png, 'image/png');
    bucket.beforeCall = (operation) => {
      if (operation === 'read') throw new Error('S3 is gone');
    };
    const error = await examineUpload({ bucket, probe }, SOURCE, signal).catch((caught: unknown) => caught);
    expect(error).not.toBeInstanceOf(UnusableUpload);
    expect(error).toMatchObject({ message: 'S3 is gone' });
  });
});
