import mediaInfoFactory, { type MediaInfoResult } from 'mediainfo.js';
import type { MediaFamily } from '../../contract/video.ts';

/** What the bytes of a file say of it. */
export interface ProbedMedia {
  readonly family: MediaFamily;
  /** `mp4`, `mov`, `webm`, `mkv`, `jpeg`, `png` or `webp`. */
  readonly format: string;
  /** As it is shown, in pixels; absent where there is no picture. */
  readonly width?: number;
  readonly height?: number;
  /** Absent where it is not said, as of an image. */
  readonly durationMs?: number;
  readonly codecs: readonly string[];
  /** Whether bytes are missing at its end. */
  readonly isCutOff: boolean;
}

/** Reads part of the file: at most `length` bytes from `offset` on, and at least one. */
export type ReadPart = (length: number, offset: number) => Promise<Uint8Array>;

/** Looks at a file of this size. Undefined where it is of none of our formats. Rejects as `read` does. */
export type MediaProbe = (bytes: number, read: ReadPart) => Promise<ProbedMedia | undefined>;

/** Larger parts would read more than is needed of most files, smaller ones ask more often for an index of some megabytes. */
const PART_BYTES = 1_024 * 1_024;
/**
 * Six hours of video have an index of some 20 MB. Whoever asks for more is looking for something in the frames themselves,
 * of which those of a strange codec, or none, have no end: then it counts what was found so far.
 */
const PARTS_MAX = 48;
/** Memory of one probe, in MiB: an index of 36 MB takes less than 512. What needs more is broken, or made to break things. */
export const PROBE_MAX_MEBIBYTES = 768;
const NOTHING = new Uint8Array(0);

/**
 * A probe by MediaInfo, which reads what it needs: of a video the beginning, its index, and little more. Each file has an
 * instance to itself, since a broken one may leave it in disorder; its memory goes with it.
 * @param moduleUrl where mediainfo.js gets its WebAssembly module from
 */
export function createMediaProbe(moduleUrl: string): MediaProbe {
  return async (bytes, read) => {
    const mediaInfo = await mediaInfoFactory({ chunkSize: PART_BYTES, locateFile: () => moduleUrl });
    let parts = 0;
    let failure: { readonly error: unknown } | undefined;
    const readPart: ReadPart = async (length, offset) => {
      parts += 1;
      if (parts > PARTS_MAX) return NOTHING;
      try {
        return await read(length, offset);
      } catch (error) {
        failure = { error };
        throw error;
      }
    };
    try {
      return describe(await mediaInfo.analyzeData(bytes, readPart));
    } catch {
      if (failure !== undefined) throw failure.error;
      // It broke down over the file itself, and would do so each time.
      return undefined;
    }
  };
}

const IMAGES: Readonly<Record<string, 'jpeg' | 'png' | 'webp'>> = { JPEG: 'jpeg', PNG: 'png', WebP: 'webp' };

function describe({ media }: MediaInfoResult): ProbedMedia | undefined {
  const tracks = media?.track ?? [];
  const general = tracks.find((track) => track['@type'] === 'General');
  const kind = kindOf(general?.Format, general?.Format_Profile);
  if (general === undefined || kind === undefined) return undefined;
  const video = tracks.find((track) => track['@type'] === 'Video');
  const image = tracks.find((track) => track['@type'] === 'Image');
  const sound = tracks.filter((track) => track['@type'] === 'Audio');
  const picture = kind.family === 'iso' || kind.family === 'matroska' ? video : image;
  const { Width: width = 0, Height: height = 0 } = picture ?? {};
  // Tells how far a picture is turned clockwise to be shown.
  const turned = video !== undefined && picture === video && /^(?:90|270)\b/.test(String(video.Rotation ?? ''));
  const seconds = general.Duration ?? video?.Duration;
  return {
    ...kind,
    ...(width > 0 && height > 0 && { width: turned ? height : width, height: turned ? width : height }),
    ...(seconds !== undefined && seconds > 0 && { durationMs: Math.round(seconds * 1_000) }),
    codecs: [picture, ...sound].map((track) => track?.Format).filter((format) => format !== undefined),
    isCutOff: isCutOff(kind, general.extra),
  };
}

function kindOf(format = '', profile = ''): Pick<ProbedMedia, 'family' | 'format'> | undefined {
  const image = IMAGES[format];
  if (image !== undefined) return { family: image, format: image };
  if (format === 'WebM' || format === 'Matroska') {
    return { family: 'matroska', format: format === 'WebM' ? 'webm' : 'mkv' };
  }
  if (format !== 'MPEG-4' && format !== 'QuickTime') return undefined;
  return { family: 'iso', format: format === 'QuickTime' || profile === 'QuickTime' ? 'mov' : 'mp4' };
}

/**
 * Of containers MediaInfo says whether their end is missing. Of images it lists what is against the format, such as a part
 * that is larger than what is there; in a container that may be some harmless box within another.
 */
function isCutOff({ format }: Pick<ProbedMedia, 'format'>, extra: unknown): boolean {
  if (typeof extra !== 'object' || extra === null) return false;
  const { IsTruncated: isTruncated, ConformanceErrors: errors } = extra as Record<string, unknown>;
  const isImage = Object.values<string>(IMAGES).includes(format);
  return (
    isTruncated === 'Yes' || (isImage && JSON.stringify(errors ?? '').includes('Element size is more than maximal'))
  );
}
