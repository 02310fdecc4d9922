const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
const HEADER_BYTES = 8;
const PAGES_PER_MEBIBYTE = 16;

/**
 * A WebAssembly module whose memory cannot grow beyond this many MiB; one that asks for more is refused it, as its code has to
 * expect. Only what the module says of its own memory is another number.
 * @throws TypeError for a module that has no memory of its own with a larger maximum
 * @see https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 */
export function limitMemory(module: Uint8Array, maxMebibytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(module);
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const size = readNumber(bytes, at + 1);
    if (bytes[at] === MEMORY_SECTION) return limitSection(bytes, size.end, maxMebibytes * PAGES_PER_MEBIBYTE);
    at = size.end + size.value;
  }
  throw new TypeError('the module has no memory of its own');
}

/** @param at of the section's content: a count of memories, then flags, minimum and maximum of the first one */
function limitSection(bytes: Uint8Array<ArrayBuffer>, at: number, maxPages: number): Uint8Array<ArrayBuffer> {
  const flagsAt = readNumber(bytes, at).end;
  const minimum = readNumber(bytes, flagsAt + 1);
  const maximum = bytes[flagsAt] === HAS_MAXIMUM ? readNumber(bytes, minimum.end) : undefined;
  if (maximum === undefined || minimum.value > maxPages || maximum.value < maxPages) {
    throw new TypeError(`the module's memory has no maximum that ${maxPages} pages are less than`);
  }
  // In as many bytes as the old number has, so that nothing else moves: LEB128 may end in groups of zeros.
  let rest = maxPages;
  for (let index = minimum.end; index < maximum.end; index += 1, rest >>>= 7) {
    bytes[index] = (rest & 0x7f) | (index + 1 < maximum.end ? 0x80 : 0);
  }
  return bytes;
}

/** An unsigned number in LEB128: seven bits a byte, the lowest first. */
function readNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = at, shift = 0; index < bytes.length; index += 1, shift += 7) {
    const byte = bytes[index] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end: index + 1 };
  }
  throw new TypeError('the module is cut off');
}
