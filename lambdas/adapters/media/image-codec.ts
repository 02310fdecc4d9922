import createJpegDecoder from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import createWebpDecoder from '@jsquash/webp/codec/dec/webp_dec.js';
import createWebpEncoder from '@jsquash/webp/codec/enc/webp_enc_simd.js';
import { defaultOptions as WEBP_DEFAULTS } from '@jsquash/webp/meta.js';
import { decodePng } from './png-decoder.ts';

/** Red, green, blue and alpha of each pixel, 8 bits each, row by row. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** WebAssembly modules as they lie in their packages. */
export interface CodecBytes {
  readonly jpegDecoder: Uint8Array<ArrayBuffer>;
  readonly pngDecoder: Uint8Array<ArrayBuffer>;
  readonly webpDecoder: Uint8Array<ArrayBuffer>;
  readonly webpEncoder: Uint8Array<ArrayBuffer>;
}

/**
 * Decoders and an encoder of images. Each call has an instance of its module to itself: a broken file leaves the one that
 * decoded it with its stack or its heap in disorder, in which it fails on good ones too, and memory that an instance has
 * grown to is given back by its end alone. A module is compiled once, by the first call that needs it.
 */
export interface ImageCodec {
  /** Upright, whatever way the camera was held. Rejects where the bytes are none of that format. */
  decode(format: 'jpeg' | 'png' | 'webp', bytes: Uint8Array<ArrayBuffer>): Promise<Pixels>;
  /** @param quality 0 to 100 */
  encodeWebp(pixels: Pixels, quality: number): Promise<Uint8Array>;
}

/** What the packages' loaders are, whose own types speak of a browser. */
type CreateDecoder = (options: object) => Promise<{ decode(file: Uint8Array, isUpright?: boolean): Pixels | null }>;
type CreateEncoder = (options: object) => Promise<{
  encode(pixels: Uint8ClampedArray, width: number, height: number, options: object): Uint8Array | null;
}>;

/** What a loader is to do: fetch nothing, and print nothing. */
const loaderOptions = (module: WebAssembly.Module) => ({
  noInitialRun: true,
  print: () => {},
  printErr: () => {},
  instantiateWasm: (imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) => {
    const instance = new WebAssembly.Instance(module, imports);
    receive(instance);
    return instance.exports;
  },
});

export function createImageCodec(bytes: CodecBytes): ImageCodec {
  const compiled = new Map<keyof CodecBytes, Promise<WebAssembly.Module>>();
  const moduleOf = (name: keyof CodecBytes): Promise<WebAssembly.Module> => {
    const module = compiled.get(name) ?? WebAssembly.compile(bytes[name]);
    compiled.set(name, module);
    return module;
  };
  return {
    async decode(format, file) {
      if (format === 'png') return decodePng(await moduleOf('pngDecoder'), file);
      if (format === 'webp') {
        const decoder = await (createWebpDecoder as CreateDecoder)(loaderOptions(await moduleOf('webpDecoder')));
        return assertPixels(decoder.decode(file));
      }
      const decoder = await (createJpegDecoder as CreateDecoder)(loaderOptions(await moduleOf('jpegDecoder')));
      return assertPixels(decoder.decode(file, true));
    },
    async encodeWebp({ data, width, height }, quality) {
      const encoder = await (createWebpEncoder as CreateEncoder)(loaderOptions(await moduleOf('webpEncoder')));
      const encoded = encoder.encode(data, width, height, { ...WEBP_DEFAULTS, quality });
      if (encoded === null) throw new Error(`the encoder made no WebP of ${width} × ${height} pixels`);
      return encoded;
    },
  };
}

function assertPixels(pixels: Pixels | null): Pixels {
  if (pixels === null) throw new Error('the decoder found no image');
  return pixels;
}
