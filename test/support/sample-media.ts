/** Small media files, put together box by box as their specifications have them. */

const ascii = (text: string) => Buffer.from(text, 'latin1');
const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));
const u32 = (...values: number[]) =>
  Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    }),
  );

/** A box of ISO 14496-12: size, type, content. */
function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), ascii(type), body]);
}

/** A box with version and flags. */
const fullBox = (type: string, flags: number, ...content: Buffer[]) => box(type, u32(flags), ...content);

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** A quarter turn clockwise, as a phone that was held upright writes it. */
const TURNED_MATRIX = u32(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000);

export interface SampleVideo {
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
  /** `isom` for MP4, `qt  ` for QuickTime. */
  readonly brand?: string;
  /** Whether the index comes after the frames, as a camera writes it. */
  readonly indexLast?: boolean;
  readonly isTurned?: boolean;
  /** Bytes of frames, which no decoder would take. */
  readonly frameBytes?: number;
}

/** An MP4 with one track of H.264, one frame a second. */
export function sampleMp4(options: SampleVideo = {}): Buffer {
  const { width = 320, height = 180, seconds = 4, brand = 'isom', indexLast = false, frameBytes = 64 } = options;
  const matrix = options.isTurned ? TURNED_MATRIX : MATRIX;
  const type = box('ftyp', ascii(brand), u32(512), ascii(brand));
  const frames = box('mdat', Buffer.alloc(seconds * frameBytes, 7));
  const index = (framesAt: number) => {
    const parameters = Buffer.from('0142c01effe1000c6742c01ed900a047fe88010003680ecb01', 'hex');
    const entry = box(
      'avc1',
      Buffer.concat([Buffer.alloc(6), u16(1), Buffer.alloc(16), u16(width, height)]),
      u32(0x480000, 0x480000, 0),
      Buffer.concat([u16(1), Buffer.alloc(32), u16(24, 0xffff)]),
      box('avcC', parameters),
    );
    const samples = box(
      'stbl',
      fullBox('stsd', 0, u32(1), entry),
      fullBox('stts', 0, u32(1, seconds, 1_000)),
      fullBox('stsc', 0, u32(1, 1, seconds, 1)),
      fullBox('stsz', 0, u32(frameBytes, seconds)),
      fullBox('stco', 0, u32(1, framesAt)),
    );
    const track = box(
      'trak',
      fullBox('tkhd', 3, u32(0, 0, 1, 0, seconds * 1_000, 0, 0, 0, 0), matrix, u32(width << 16, height << 16)),
      box(
        'mdia',
        fullBox('mdhd', 0, u32(0, 0, 1_000, seconds * 1_000), u16(0x55c4, 0)),
        fullBox('hdlr', 0, u32(0), ascii('vide'), u32(0, 0, 0), ascii('VideoHandler\0')),
        box(
          'minf',
          fullBox('vmhd', 1, Buffer.alloc(8)),
          box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1))),
          samples,
        ),
      ),
    );
    const header = u32(0, 0, 1_000, seconds * 1_000, 0x10000, 0x01000000, 0, 0);
    return box('moov', fullBox('mvhd', 0, header, MATRIX, Buffer.alloc(24), u32(2)), track);
  };
  if (indexLast) return Buffer.concat([type, frames, index(type.length + 8)]);
  const size = index(0).length;
  return Buffer.concat([type, index(type.length + size + 8), frames]);
}

/** An element of EBML: id, size in eight bytes, content. */
function element(id: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}

const number = (value: number) => u32(value);
const float = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

/** A WebM, or with `matroska` as its type a Matroska file, with one track of VP9. */
export function sampleWebm({ width = 640, height = 360, seconds = 5, docType = 'webm' } = {}): Buffer {
  const header = element(
    '1a45dfa3',
    element('4286', number(1)),
    element('4282', ascii(docType)),
    element('4287', number(4)),
  );
  const info = element('1549a966', element('2ad7b1', number(1_000_000)), element('4489', float(seconds * 1_000)));
  const video = element('e0', element('b0', number(width)), element('ba', number(height)));
  const track = element(
    'ae',
    element('d7', number(1)),
    element('73c5', number(1)),
    element('83', Buffer.from([1])),
    element('86', ascii('V_VP9')),
    video,
  );
  const frame = element('a3', Buffer.from([0x81, 0, 0, 0x80]), Buffer.alloc(32, 7));
  const cluster = element('1f43b675', element('e7', number(0)), frame);
  return Buffer.concat([header, element('18538067', info, element('1654ae6b', track), cluster)]);
}
