import { expect, it } from 'vitest';
import { createImageCodec } from '../../lambdas/adapters/media/image-codec.ts';
import { CODEC_BYTES } from '../support/codec-bytes.ts';
import { sampleJpeg, samplePng } from '../support/sample-images.ts';

// An instance that is used for all files is beyond repair after 99 of these JPEGs, or 743 of these PNGs.
it.each([
  ['jpeg', 120, sampleJpeg],
  ['png', 800, samplePng],
] as const)('decodes a good %s after %i broken ones', { timeout: 120_000 }, async (format, times, sample) => {
  const codec = createImageCodec(CODEC_BYTES);
  const sound = await sample(64, 40);
  const broken = sound.slice();
  broken.fill(0x5a, 20, 120);
  for (let time = 0; time < times; time += 1) await expect(codec.decode(format, broken)).rejects.toThrow();
  expect(await codec.decode(format, sound)).toMatchObject({ width: 64, height: 40 });
});
