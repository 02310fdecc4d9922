import { describe, expect, it } from 'vitest';
import { createImageCodec } from '../../../../lambdas/adapters/media/image-codec.ts';
import { decodeUpload } from '../../../../lambdas/workers/video/decode-upload.ts';
import { UnusableUpload } from '../../../../lambdas/workers/video/unusable-upload.ts';
import { CODEC_BYTES } from '../../../support/codec-bytes.ts';
import { sampleJpeg, samplePng, turned } from '../../../support/sample-images.ts';

describe('decodeUpload', () => {
  const codec = createImageCodec(CODEC_BYTES);

  it('decodes a JPEG, also one with another after its end', async () => {
    const jpeg = await sampleJpeg(30, 20);
    expect(await decodeUpload(codec, 'jpeg', jpeg)).toMatchObject({ width: 30, height: 20 });
    const trailing = new Uint8Array(Buffer.concat([turned(jpeg), Buffer.from('and some more')]));
    expect(await decodeUpload(codec, 'jpeg', trailing)).toMatchObject({ width: 20, height: 30 });
  });

  it('fails for a JPEG that is cut off, which its decoder fills with grey', async () => {
    const jpeg = await sampleJpeg(300, 200);
    const cut = jpeg.slice(0, jpeg.length / 2);
    expect(await codec.decode('jpeg', cut)).toMatchObject({ width: 300 });
    await expect(decodeUpload(codec, 'jpeg', cut)).rejects.toThrow(
      new UnusableUpload('the file is cut off: its end is missing'),
    );
  });

  it('fails for a JPEG whose scans would be decoded for hours, before it is decoded', async () => {
    const jpeg = Buffer.from(await sampleJpeg(30, 20));
    const at = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
    const scan = jpeg.subarray(at, jpeg.length - 2);
    const scans = (more: number) =>
      new Uint8Array(Buffer.concat([jpeg.subarray(0, at), ...Array(more).fill(scan), jpeg.subarray(-2)]));
    const decode = () => Promise.reject(new Error('was decoded'));
    const message = /^the jpeg image has 1\d\d scans, and 100 are the most$/;
    await expect(decodeUpload({ decode }, 'jpeg', scans(101))).rejects.toThrow(message);
    await expect(decodeUpload({ decode }, 'jpeg', scans(90))).rejects.toThrow('is damaged');
  });

  it('fails for a damaged file with the reason', async () => {
    const png = (await samplePng(30, 20)).fill(0x5a, 40, 90);
    await expect(decodeUpload(codec, 'png', png)).rejects.toThrow(UnusableUpload);
    await expect(decodeUpload(codec, 'png', png)).rejects.toThrow('the png image is damaged');
  });

  it.each([
    ['more pixels than it showed', { width: 8_001, height: 5_000, data: new Uint8ClampedArray(4) }],
    ['no pixels', { width: 0, height: 5, data: new Uint8ClampedArray(0) }],
    ['fewer bytes than pixels', { width: 2, height: 2, data: new Uint8ClampedArray(12) }],
  ])('fails for an image that turns out to have %s', async (_, pixels) => {
    const decoded = decodeUpload({ decode: async () => pixels }, 'png', new Uint8Array(9));
    await expect(decoded).rejects.toThrow('its size is not the one it says');
  });
});
