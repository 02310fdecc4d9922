import type { ImageCodec, Pixels } from '../../adapters/media/image-codec.ts';
import { IMAGE_MAX_PIXELS } from '../../contract/video.ts';
import { UnusableUpload } from './unusable-upload.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = Buffer.from([0xff, 0xda]);
/**
 * A scan of a progressive JPEG may say in 40 bytes that nothing changes, and takes time for each of its pixels all the same:
 * 100 KB of them took half a minute, and no signal ends a decoder. Encoders write a dozen or so.
 */
const SCANS_MAX = 100;

/** The pixels of an image. Rejects with `UnusableUpload` where there are none to be had. */
export async function decodeUpload(
  codec: Pick<ImageCodec, 'decode'>,
  format: 'jpeg' | 'png' | 'webp',
  file: Uint8Array<ArrayBuffer>,
): Promise<Pixels> {
  if (format === 'jpeg') assertJpeg(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  const pixels = await decode(codec, format, file);
  const { width, height, data } = pixels;
  // A file may hold another size than it shows to those who only look at its head.
  if (width < 1 || height < 1 || width * height > IMAGE_MAX_PIXELS || data.length !== width * height * 4) {
    throw new UnusableUpload(`the ${format} image is damaged: its size is not the one it says`);
  }
  return pixels;
}

async function decode(...[codec, format, file]: Parameters<typeof decodeUpload>): Promise<Pixels> {
  try {
    return await codec.decode(format, file);
  } catch (cause) {
    throw new UnusableUpload(`the ${format} image is damaged, or of a kind that is not read here (animated, say)`, {
      cause,
    });
  }
}

function assertJpeg(file: Buffer): void {
  if (isCutOff(file)) throw new UnusableUpload('the file is cut off: its end is missing');
  const scans = countScans(file);
  if (scans > SCANS_MAX) throw new UnusableUpload(`the jpeg image has ${scans} scans, and ${SCANS_MAX} are the most`);
}

/** Previews inside of it count as well, of which there are few. */
function countScans(file: Buffer): number {
  let scans = 0;
  for (let at = file.indexOf(START_OF_SCAN); at !== -1; at = file.indexOf(START_OF_SCAN, at + 2)) {
    // Chance makes these two bytes too, but not the rest of a scan's head: its length is 6 and 2 for each component.
    const [length, components] = [file.readUInt16BE(Math.min(at + 2, file.length - 2)), file[at + 4] ?? 0];
    if (components >= 1 && components <= 4 && length === 6 + 2 * components) scans += 1;
  }
  return scans;
}

/**
 * A JPEG's decoder fills what is missing with grey, and says nothing. Within a scan 0xff is escaped, so the last marker of a
 * whole file is the end, not the start of a scan; previews inside of it come before.
 */
function isCutOff(file: Buffer): boolean {
  return file.lastIndexOf(END_OF_IMAGE) < file.lastIndexOf(START_OF_SCAN);
}
