import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CodecBytes } from '../../lambdas/adapters/media/image-codec.ts';

const { resolve } = createRequire(import.meta.url);
const bytesOf = (path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(resolve(path)));

/** The modules that the bundle holds, from their packages. */
export const CODEC_BYTES: CodecBytes = {
  jpegDecoder: bytesOf('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'),
  pngDecoder: bytesOf('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'),
  webpDecoder: bytesOf('@jsquash/webp/codec/dec/webp_dec.wasm'),
  webpEncoder: bytesOf('@jsquash/webp/codec/enc/webp_enc_simd.wasm'),
};

/** Where the build of mediainfo.js for Node finds its module; the bundle has the one for browsers. */
export const MEDIA_INFO_PATH = resolve('mediainfo.js/MediaInfoModule.wasm');
