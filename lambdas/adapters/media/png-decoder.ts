import type { Pixels } from './image-codec.ts';

/** What is used of the exports that wasm-bindgen made. */
interface PngExports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_malloc(bytes: number, alignment: number): number;
  decode(pointer: number, length: number): number;
}

/** Makes an image as a browser would, and answers with a handle of it; here it is told where the pixels are. */
const NEW_IMAGE = '__wbg_newwithownedu8clampedarrayandsh_';

/**
 * Decodes a PNG in an instance of its own; the package's loader keeps the one that it made first for ever.
 * @throws Error where the bytes are none
 */
export function decodePng(module: WebAssembly.Module, file: Uint8Array): Pixels {
  let pixels: Pixels | undefined;
  const takePixels = (pointer: number, length: number, width: number, height: number) => {
    const start = pointer >>> 0;
    const data = new Uint8ClampedArray(exports.memory.buffer.slice(start, start + (length >>> 0)));
    pixels = { data, width: width >>> 0, height: height >>> 0 };
    return 0;
  };
  const exports = new WebAssembly.Instance(module, importsOf(module, takePixels)).exports as unknown as PngExports;
  const pointer = exports.__wbindgen_malloc(file.length, 1) >>> 0;
  new Uint8Array(exports.memory.buffer).set(file, pointer);
  exports.decode(pointer, file.length);
  if (pixels === undefined) throw new Error('the decoder found no image');
  return pixels;
}

/** Whatever it calls besides means that it has given up: it throws, or asks for what only its 16-bit decoder needs. */
function importsOf(module: WebAssembly.Module, takePixels: (...values: [number, number, number, number]) => number) {
  const imports: WebAssembly.Imports = {};
  for (const { module: room, name } of WebAssembly.Module.imports(module)) {
    const refuse = () => {
      throw new Error(`the decoder gave up (${name})`);
    };
    imports[room] = { ...imports[room], [name]: name.startsWith(NEW_IMAGE) ? takePixels : refuse };
  }
  return imports;
}
