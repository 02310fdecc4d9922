import { beforeAll, describe, expect, it } from 'vitest';
import { createMediaProbe } from '../../../../lambdas/adapters/media/media-probe.ts';
import { MEDIA_INFO_PATH } from '../../../support/codec-bytes.ts';
import { sampleJpeg, samplePng, sampleWebp } from '../../../support/sample-images.ts';
import { sampleMp4, sampleWebm } from '../../../support/sample-media.ts';

const MEBIBYTE = 1_024 ** 2;

describe('createMediaProbe', () => {
  const probe = createMediaProbe(MEDIA_INFO_PATH);
  /** Probes a file, and counts what was read of it. */
  async function look(file: Uint8Array) {
    const read: number[] = [];
    const found = await probe(file.length, async (length, offset) => {
      read.push(length);
      return file.subarray(offset, offset + length);
    });
    return { found, parts: read.length, bytes: read.reduce((sum, length) => sum + length, 0) };
  }

  it.each([
    ['with its index first', sampleMp4(), 'mp4'],
    ['with its index last', sampleMp4({ indexLast: true }), 'mp4'],
    ['of QuickTime', sampleMp4({ brand: 'qt  ' }), 'mov'],
  ])('finds size, length and codec of an MP4 %s', async (_, file, format) => {
    const found = {
      family: 'iso',
      format,
      width: 320,
      height: 180,
      durationMs: 4_000,
      codecs: ['AVC'],
      isCutOff: false,
    };
    expect((await look(file)).found).toEqual(found);
  });

  it('tells the size as it is shown, where the camera was held upright', async () => {
    expect((await look(sampleMp4({ isTurned: true }))).found).toMatchObject({ width: 180, height: 320 });
  });

  it.each(['webm', 'matroska'] as const)('finds the same of %s', async (docType) => {
    expect((await look(sampleWebm({ docType }))).found).toEqual({
      family: 'matroska',
      format: docType === 'webm' ? 'webm' : 'mkv',
      width: 640,
      height: 360,
      durationMs: 5_000,
      codecs: ['VP9'],
      isCutOff: false,
    });
  });

  describe('of images', () => {
    const files: Record<string, Uint8Array> = {};
    beforeAll(async () => {
      Object.assign(files, {
        jpeg: await sampleJpeg(90, 60),
        png: await samplePng(90, 60),
        webp: await sampleWebp(90, 60),
      });
    });
    const fileOf = (format: string) => files[format] ?? new Uint8Array();

    it.each(['jpeg', 'png', 'webp'])('finds the size of %s', async (format) => {
      const found = { family: format, format, width: 90, height: 60, isCutOff: false };
      expect((await look(fileOf(format))).found).toMatchObject(found);
    });

    it.each(['png', 'webp'])('tells that the end of %s is missing', async (format) => {
      const file = fileOf(format);
      expect((await look(file.subarray(0, file.length - 20))).found).toMatchObject({ isCutOff: true });
    });
  });

  it.each([
    ['its frames', sampleMp4().subarray(0, 700)],
    ['its index', sampleMp4({ indexLast: true }).subarray(0, 700)],
    ['all but its head', sampleMp4({ indexLast: true }).subarray(0, 150)],
    ['a cluster', sampleWebm().subarray(0, 260)],
  ])('tells that a video lacks the end of %s', async (_, file) => {
    expect((await look(file)).found).toMatchObject({ isCutOff: true });
  });

  it.each([
    ['text', Buffer.from('the quick brown fox\n'.repeat(50))],
    ['zeros', Buffer.alloc(3_000)],
    ['one byte', Buffer.from('a')],
    ['a page', Buffer.from('<!doctype html><html><body>hello</body></html>')],
  ])('finds nothing in %s', async (_, file) => {
    expect((await look(file)).found).toBeUndefined();
  });

  it('finds what there is within 48 MiB, however long frames go on that no decoder knows', async () => {
    const { found, parts, bytes } = await look(sampleMp4({ indexLast: true, seconds: 60, frameBytes: MEBIBYTE }));
    expect(found).toMatchObject({ width: 320, height: 180, durationMs: 60_000, isCutOff: false });
    expect(parts).toBeLessThanOrEqual(48);
    expect(bytes).toBeLessThanOrEqual(48 * MEBIBYTE);
  });

  it('takes a file that MediaInfo breaks down over for none of ours', async () => {
    // Stands in for whatever makes it stop in the middle of a part.
    expect(await probe(5_000, async () => ({ length: -1 }) as never)).toBeUndefined();
  });

  it('fails as the bucket does', async () => {
    const broken = probe(5_000, () => Promise.reject(new Error('S3 is gone')));
    await expect(broken).rejects.toThrow('S3 is gone');
  });
});
