import { describe, expect, it } from 'vitest';
import { createImageCodec } from '../../../lambdas/adapters/media/image-codec.ts';
import { pngOf, sampleFile } from '../../../local/soak/sample-files.ts';
import { seededRandom } from '../../../local/soak/seeded-random.ts';
import { CODEC_BYTES } from '../../support/codec-bytes.ts';

const codec = createImageCodec(CODEC_BYTES);
const files = (seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 60 }, () => sampleFile(random));
};

describe('sampleFile', () => {
  it('gives images that decoders take, and others that it says are broken', async () => {
    const all = files(1);
    expect(new Set(all.map(({ contentType }) => contentType))).toEqual(
      new Set(['image/png', 'image/jpeg', 'video/mp4']),
    );
    for (const { contentType, bytes, isBroken } of all) {
      const format = contentType === 'image/jpeg' ? 'jpeg' : 'png';
      if (!isBroken) expect((await codec.decode(format, bytes)).width).toBeGreaterThanOrEqual(8);
    }
    expect(all.filter(({ isBroken }) => isBroken).length).toBeGreaterThan(5);
    expect(all.filter(({ isBroken }) => !isBroken).length).toBeGreaterThan(20);
  });

  it('is repeated by its seed', () => expect(files(2)).toEqual(files(2)));
});

describe('pngOf', () => {
  it('is as large as was asked for, and of one colour', async () => {
    const { width, height, data } = await codec.decode(
      'png',
      pngOf(5, 3, () => 0.5),
    );
    expect([width, height]).toEqual([5, 3]);
    expect([...data.subarray(0, 4)]).toEqual([128, 128, 128, 255]);
    expect(new Set(data)).toEqual(new Set([128, 255]));
  });
});
