import { beforeAll, describe, expect, it } from 'vitest';
import { createImageCodec, type Pixels } from '../../../../lambdas/adapters/media/image-codec.ts';
import { CODEC_BYTES } from '../../../support/codec-bytes.ts';
import { sampleJpeg, samplePixels, samplePng, sampleWebp, turned } from '../../../support/sample-images.ts';

const FORMATS = ['jpeg', 'png', 'webp'] as const;

/** Whether the pixel is of that colour, as far as a lossy format keeps one. */
function colourAt({ data, width }: Pixels, x: number, y: number): string {
  const [red = 0, , blue = 0] = data.subarray((y * width + x) * 4);
  return red > 150 && blue < 100 ? 'red' : blue > 150 && red < 100 ? 'blue' : `${red}, ${blue}`;
}

describe('createImageCodec', () => {
  const codec = createImageCodec(CODEC_BYTES);
  const files = {} as Record<(typeof FORMATS)[number], Uint8Array<ArrayBuffer>>;
  beforeAll(async () => {
    Object.assign(files, {
      jpeg: await sampleJpeg(64, 40),
      png: await samplePng(64, 40),
      webp: await sampleWebp(64, 40),
    });
  });

  it.each(FORMATS)('decodes %s', async (format) => {
    const pixels = await codec.decode(format, files[format]);
    expect(pixels).toMatchObject({ width: 64, height: 40 });
    expect(pixels.data).toHaveLength(64 * 40 * 4);
    expect([colourAt(pixels, 8, 20), colourAt(pixels, 56, 20)]).toEqual(['red', 'blue']);
  });

  it('turns a photograph upright', async () => {
    const pixels = await codec.decode('jpeg', turned(files.jpeg));
    expect(pixels).toMatchObject({ width: 40, height: 64 });
    expect([colourAt(pixels, 20, 8), colourAt(pixels, 20, 56)]).toEqual(['red', 'blue']);
  });

  it('encodes WebP that has the picture in it', async () => {
    const file = new Uint8Array(await codec.encodeWebp(samplePixels(32, 16), 80));
    expect(Buffer.from(file.subarray(8, 12)).toString()).toBe('WEBP');
    const pixels = await codec.decode('webp', file);
    expect([colourAt(pixels, 4, 8), colourAt(pixels, 28, 8)]).toEqual(['red', 'blue']);
  });

  it.each(FORMATS)('fails for bytes that are no %s', async (format) => {
    await expect(codec.decode(format, new Uint8Array(400).fill(7))).rejects.toThrow();
    await expect(codec.decode(format, files[format].slice(0, 30))).rejects.toThrow();
  });
});
