import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js';
import encodePng, { init as initPng } from '@jsquash/png/encode.js';
import { createImageCodec, type Pixels } from '../../lambdas/adapters/media/image-codec.ts';
import { CODEC_BYTES } from './codec-bytes.ts';

const { resolve } = createRequire(import.meta.url);
const compile = (path: string) => WebAssembly.compile(readFileSync(resolve(path)));

/** Red on the left and blue on the right, opaque. */
export function samplePixels(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const isLeft = pixel % width < width / 2;
    data.set(isLeft ? [250, 10, 10, 255] : [10, 10, 250, 255], pixel * 4);
  }
  return { data, width, height };
}

/** Files by the encoders of the same packages, which the service has no use for. */
export async function sampleJpeg(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  await initJpeg(await compile('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  return new Uint8Array(await encodeJpeg(samplePixels(width, height) as never));
}

export async function samplePng(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  await initPng(await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
  return new Uint8Array(await encodePng(samplePixels(width, height) as never));
}

export async function sampleWebp(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await createImageCodec(CODEC_BYTES).encodeWebp(samplePixels(width, height), 90));
}

/** The same JPEG with a note that the camera was held upright: what is shown is turned a quarter clockwise. */
export function turned(jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const tag = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex');
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tag]);
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]));
}
