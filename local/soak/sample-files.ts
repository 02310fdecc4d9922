import { crc32, deflateSync } from 'node:zlib';
import { between, type Random } from './seeded-random.ts';

/** A file to upload. */
export interface SampleFile {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isBroken: boolean;
}

const SIDE = { least: 8, most: 160 };

/** A baseline JPEG of 8 × 8 pixels, red on the left and blue on the right. */
const JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAAgICAgJCAkKCgkNDgwODRMREBARExwUFhQWFBwrGx8bGx8bKyYuJSMlLiZENS8vNUROQj5CTl9VVV93cXecnNEB' +
  'CAgICAkICQoKCQ0ODA4NExEQEBETHBQWFBYUHCsbHxsbHxsrJi4lIyUuJkQ1Ly81RE5CPkJOX1VVX3dxd5yc0f/CABEIAAgACAMBIgACEQEDEQH/xAAoAAEB' +
  'AAAAAAAAAAAAAAAAAAAABwEBAQAAAAAAAAAAAAAAAAAABAf/2gAMAwEAAhADEAAAAJ2Kg/8A/8QAFxAAAwEAAAAAAAAAAAAAAAAAAAVDgv/aAAgBAQABPwBp' +
  'HR//xAAaEQAABwAAAAAAAAAAAAAAAAAAAgUGNoOz/9oACAECAQE/AGZGk+3Qw//EABoRAAAHAAAAAAAAAAAAAAAAAAACBAY2g7P/2gAIAQMBAT8AdsgXV5lH/9k=';

/** A small image, or one that is broken: cut off, of zeros, or of another type than it says. */
export function sampleFile(random: Random): SampleFile {
  const isPng = random() < 0.7;
  const contentType = isPng ? 'image/png' : 'image/jpeg';
  const size = () => Math.round(between(SIDE, random));
  const bytes = isPng ? pngOf(size(), size(), random) : new Uint8Array(Buffer.from(JPEG, 'base64'));
  const draw = random();
  if (draw < 0.1) return { contentType, bytes: bytes.slice(0, Math.floor(bytes.length / 2)), isBroken: true };
  if (draw < 0.2) return { contentType, bytes: new Uint8Array(200), isBroken: true };
  if (draw < 0.3) return { contentType: 'video/mp4', bytes, isBroken: true };
  return { contentType, bytes, isBroken: false };
}

/** A PNG (W3C recommendation, third edition) of one colour, chosen by chance. */
export function pngOf(width: number, height: number, random: Random): Uint8Array<ArrayBuffer> {
  const pixel = [0, 0, 0].map(() => Math.floor(random() * 256));
  // Each row begins with its filter: none.
  const row = Buffer.from([0, ...Array.from({ length: width }, () => pixel).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a sample, truecolour.
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([signature, ...chunks]));
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
