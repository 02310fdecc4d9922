import { type Fate, fateOf } from './fate.ts';
import { sendPerhapsKeyed } from './keyed-request.ts';
import type { Answer, Person } from './person.ts';
import { type SampleFile, sampleFile } from './sample-files.ts';
import { pickOne, type Random } from './seeded-random.ts';
import type { SentVideo, UploadState } from './video-ledger.ts';

export interface VideoMakerOptions {
  /** Part of the titles of all that is sent. */
  readonly name: string;
  /** What was sent, by others too. */
  readonly videos: SentVideo[];
  readonly random: Random;
  readonly send: (...request: Parameters<Person['send']>) => Promise<Answer>;
}

/** A form of S3: where to, and its fields. */
interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

const UPLOAD_ATTEMPTS_MAX = 3;
const MISSING = 0.1;

/** Uploads files, sound and broken ones, posts them as videos, and cancels some. */
export class VideoMaker {
  readonly #options: VideoMakerOptions;
  /** Places in `videos` of what was accepted and nobody has cancelled. */
  readonly #own: number[] = [];
  #count = 0;

  constructor(options: VideoMakerOptions) {
    this.#options = options;
  }

  async post(): Promise<void> {
    const { name, videos, random, send } = this.#options;
    this.#count += 1;
    const title = `${name} shows ${this.#count}`;
    const file = sampleFile(random);
    const isMissing = random() < MISSING;
    const { contentType, bytes } = file;
    const asked = await send('POST', '/api/video/uploads', { contentType, bytes: bytes.length });
    if (fateOf(asked.status) !== 'accepted') return;
    const upload = isMissing ? 'missing' : await uploadFile(asked.body.upload as UploadForm, file);
    const body = { title, source: asked.body.source };
    const sent = await sendPerhapsKeyed((key) => send('POST', '/api/video', body, key), random);
    const place = videos.push({ title, upload, ...sent, cancelled: undefined }) - 1;
    if (sent.fate === 'accepted') this.#own.push(place);
  }

  /** Cancels one of the own videos, wherever it has come to. */
  async cancelOne(): Promise<void> {
    const { videos, random, send } = this.#options;
    if (this.#own.length === 0) return;
    const place = pickOne(this.#own, random);
    const video = videos[place];
    if (video === undefined) return;
    const fate: Fate = fateOf((await send('DELETE', `/api/video/${video.ids[0]}`)).status);
    if (fate === 'refused') return;
    videos[place] = { ...video, cancelled: fate };
    this.#own.splice(this.#own.indexOf(place), 1);
  }
}

async function uploadFile({ url, fields }: UploadForm, { bytes, isBroken }: SampleFile): Promise<UploadState> {
  const fates: Fate[] = [];
  while (fates.length < UPLOAD_ATTEMPTS_MAX) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([bytes]));
    const status = await fetch(url, { method: 'POST', body: form }).then(
      (response) => response.status,
      () => 0,
    );
    fates.push(fateOf(status));
    if (fates.at(-1) === 'accepted') return isBroken ? 'broken' : 'sound';
  }
  if (isBroken) return 'broken';
  return fates.includes('unknown') ? 'unknown' : 'missing';
}
