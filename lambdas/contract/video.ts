import * as v from 'valibot';

/** Where the state of a video is read, by its owner and nobody else. */
export const VIDEO_PATH = '/api/video/{videoId}';

const MEBIBYTE = 1_024 ** 2;
/** A video is probed by a few ranges whatever its size; what is kept of it is one copy, for which S3 takes 5 GB at most. */
const VIDEO_MAX_BYTES = 2 * 1_024 * MEBIBYTE;
/** An image is held in memory as a whole. */
const IMAGE_MAX_BYTES = 20 * MEBIBYTE;

/** Families of formats: a container is told from its bytes, and which brand of it was declared does not matter. */
export type MediaFamily = 'iso' | 'matroska' | 'jpeg' | 'png' | 'webp';

/** What may be uploaded, by media type, and how large it may be. */
export const UPLOAD_TYPES: Readonly<Record<string, { readonly family: MediaFamily; readonly maxBytes: number }>> = {
  'video/mp4': { family: 'iso', maxBytes: VIDEO_MAX_BYTES },
  'video/quicktime': { family: 'iso', maxBytes: VIDEO_MAX_BYTES },
  'video/webm': { family: 'matroska', maxBytes: VIDEO_MAX_BYTES },
  'video/x-matroska': { family: 'matroska', maxBytes: VIDEO_MAX_BYTES },
  'image/jpeg': { family: 'jpeg', maxBytes: IMAGE_MAX_BYTES },
  'image/png': { family: 'png', maxBytes: IMAGE_MAX_BYTES },
  'image/webp': { family: 'webp', maxBytes: IMAGE_MAX_BYTES },
};

/**
 * Most pixels of an image: decoded it takes four bytes each, several times over, and a few kilobytes can claim to hold
 * billions of them.
 */
export const IMAGE_MAX_PIXELS = 40_000_000;

/** How long an upload may be begun, and how long a link to a rendition works. */
export const UPLOAD_SECONDS = 900;
export const RENDITION_SECONDS = 900;

/** Uploads that nothing was made of are removed after this. */
export const UPLOADS_KEPT_DAYS = 2;

/** A video that nobody has begun to look at by then fails, with that as its reason; shorter than its upload is kept. */
export const VIDEO_DEADLINE_SECONDS = 24 * 3_600;

/** Longest run of the worker over one video. */
export const VIDEO_WORK_SECONDS = 120;
/** No worker is alive so long after it has begun: Lambda ends it before, and clocks differ by less than the rest. */
export const VIDEO_LEASE_SECONDS = VIDEO_WORK_SECONDS + 15;

/** How long it can be read that a video failed or was cancelled. */
export const VIDEO_KEPT_DAYS = 30;

export const VIDEO_TITLE_MAX_LENGTH = 200;
const SOURCE_MAX_LENGTH = 200;

export const CreateUploadRequest = v.pipe(
  v.strictObject({
    contentType: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(100),
      v.description(`one of ${Object.keys(UPLOAD_TYPES).join(', ')}`),
    ),
    bytes: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(Number.MAX_SAFE_INTEGER),
      v.description('size of the file; S3 takes it in exactly this size'),
    ),
  }),
  v.title('CreateUploadRequest'),
);
export type CreateUploadRequest = v.InferOutput<typeof CreateUploadRequest>;

export const Upload = v.pipe(
  v.object({
    source: v.pipe(v.string(), v.description('names the upload in POST /api/video')),
    upload: v.object({
      url: v.pipe(v.string(), v.description('where to POST the file to, as multipart/form-data')),
      fields: v.pipe(
        v.record(v.string(), v.string()),
        v.description('fields of the form, in any order; `file` comes after them all'),
      ),
    }),
    expiresAt: v.pipe(v.string(), v.isoTimestamp(), v.description('the upload must have begun by then')),
  }),
  v.title('Upload'),
);
export type Upload = v.InferOutput<typeof Upload>;

export const CreateVideoRequest = v.pipe(
  v.strictObject({
    title: v.pipe(v.string(), v.minLength(1), v.maxLength(VIDEO_TITLE_MAX_LENGTH), v.regex(/\S/)),
    source: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(SOURCE_MAX_LENGTH),
      v.description('an upload of the caller, as POST /api/video/uploads answered it'),
    ),
  }),
  v.title('CreateVideoRequest'),
);
export type CreateVideoRequest = v.InferOutput<typeof CreateVideoRequest>;

/** What a caller is told at once: 202. */
export const VideoAccepted = v.pipe(
  v.object({
    id: v.string(),
    status: v.literal('queued'),
    statusUrl: v.pipe(v.string(), v.description('path of the status resource; also in Location')),
  }),
  v.title('VideoAccepted'),
);
export type VideoAccepted = v.InferOutput<typeof VideoAccepted>;

export const RENDITION_NAMES = ['original', 'image', 'thumbnail'] as const;

/** One file that was made of an upload, or the upload itself as `original`. */
const Rendition = v.object({
  name: v.picklist(RENDITION_NAMES),
  contentType: v.string(),
  width: v.number(),
  height: v.number(),
  bytes: v.number(),
  url: v.pipe(v.string(), v.description(`link that works for ${RENDITION_SECONDS} seconds`)),
});

/** State of a video. */
export const Video = v.pipe(
  v.object({
    id: v.string(),
    title: v.string(),
    status: v.picklist(['queued', 'processing', 'ready', 'failed', 'cancelled']),
    createdAt: v.pipe(v.string(), v.isoTimestamp()),
    progress: v.optional(v.pipe(v.number(), v.description('0 to 100, while it is processed'))),
    format: v.optional(v.pipe(v.string(), v.description('mp4, mov, webm, mkv, jpeg, png or webp'))),
    width: v.optional(v.pipe(v.number(), v.description('as it is shown, in pixels'))),
    height: v.optional(v.number()),
    durationSeconds: v.optional(v.number()),
    codecs: v.optional(v.array(v.string())),
    renditions: v.optional(v.array(Rendition)),
    reason: v.optional(v.pipe(v.string(), v.description('why it failed'))),
  }),
  v.title('Video'),
);
export type Video = v.InferOutput<typeof Video>;

/** What the queue `video` holds: look at an upload, or remove what was made of one. */
export const VideoWork = v.object({ action: v.picklist(['process', 'remove']), videoId: v.string() });
export type VideoWork = v.InferOutput<typeof VideoWork>;
