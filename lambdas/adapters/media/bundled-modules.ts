import jpegDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm';
import pngDecoder from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm';
import webpDecoder from '@jsquash/webp/codec/dec/webp_dec.wasm';
import webpEncoder from '@jsquash/webp/codec/enc/webp_enc_simd.wasm';
import mediaInfo from 'mediainfo.js/MediaInfoModule.wasm';
import type { CodecBytes } from './image-codec.ts';
import { limitMemory } from './limit-memory.ts';
import { PROBE_MAX_MEBIBYTES } from './media-probe.ts';

/** The bytes of all WebAssembly modules, as they are in the bundle; there is no such thing where a test imports this. */
export const BUNDLED_CODECS: CodecBytes = { jpegDecoder, pngDecoder, webpDecoder, webpEncoder };

/**
 * Where the bundled build of mediainfo.js, which is the one for browsers, fetches its module from. Its memory is bounded: a
 * file of some 100 KB can have it inflate gigabytes, of which the whole function would die.
 */
export function bundledMediaInfoUrl(): string {
  return URL.createObjectURL(new Blob([limitMemory(mediaInfo, PROBE_MAX_MEBIBYTES)], { type: 'application/wasm' }));
}
