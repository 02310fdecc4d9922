import { s3Error } from '../s3-error.ts';

/** A form as a browser sends it: its fields, and then its file. */
export interface MultipartForm {
  /** Name as sent → value; of the fields before the file. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly file: { readonly name: string; readonly body: AsyncIterable<Uint8Array> };
}

/** "The form data and boundaries (excluding the contents of the file) cannot exceed 20 KB." */
const FIELDS_MAX_BYTES = 20 * 1_024;

/**
 * Reads multipart/form-data (RFC 7578) up to its file, which is read as it comes; what follows the file is ignored.
 *
 * @throws AwsError where it is no form, or has no file.
 */
export async function readMultipartForm(
  contentType: string,
  source: AsyncIterable<Uint8Array>,
): Promise<MultipartForm> {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) {
    const message = 'Bucket POST must be of the enclosure-type multipart/form-data';
    throw s3Error('PreconditionFailed', message, { Condition: message });
  }
  // Before the first boundary as before all others, so that each part is found in the same way.
  const reader = new PartReader(source, Buffer.from(`\r\n--${boundary}`));
  await reader.start();
  const fields: [string, string][] = [];
  let total = 0;
  for (;;) {
    const head = await reader.head(FIELDS_MAX_BYTES);
    if (head === undefined) {
      throw s3Error('InvalidArgument', 'POST requires exactly one file upload per request.', {
        ...{ ArgumentName: 'file', ArgumentValue: 0 },
      });
    }
    const { name, filename } = disposition(head);
    if (name.toLowerCase() === 'file') return { fields, file: { name: filename ?? '', body: reader.content() } };
    const parts: Uint8Array[] = [];
    for await (const bytes of reader.content()) {
      total += bytes.length;
      if (total > FIELDS_MAX_BYTES) {
        throw s3Error(
          'MaxPostPreDataLengthExceeded',
          'Your POST request fields preceding the upload file were too large.',
        );
      }
      parts.push(bytes);
    }
    fields.push([name, Buffer.concat(parts).toString()]);
  }
}

function boundaryOf(contentType: string): string | undefined {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

function disposition(head: string): { readonly name: string; readonly filename: string | undefined } {
  const line = head.split('\r\n').find((candidate) => /^content-disposition:/i.test(candidate)) ?? '';
  const of = (name: string): string | undefined =>
    new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(line)?.[1]?.replaceAll('%22', '"');
  const name = of('name');
  if (name === undefined) throw malformed();
  return { name, filename: of('filename') };
}

class PartReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  #buffer: Buffer = Buffer.from('\r\n');

  constructor(source: AsyncIterable<Uint8Array>, delimiter: Buffer) {
    this.#source = source[Symbol.asyncIterator]();
    this.#delimiter = delimiter;
  }

  /** Goes past the first boundary. */
  async start(): Promise<void> {
    for await (const _ of this.content());
  }

  /** The headers of the next part; `undefined` after the last. */
  async head(maxBytes: number): Promise<string | undefined> {
    while (this.#buffer.length < 2) await this.#more();
    if (this.#buffer.subarray(0, 2).toString() === '--') return undefined;
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end >= 0) {
        const head = this.#buffer.subarray(0, end).toString();
        this.#buffer = this.#buffer.subarray(end + 4);
        return head;
      }
      if (this.#buffer.length > maxBytes) throw malformed();
      await this.#more();
    }
  }

  /** The bytes up to the next boundary, which is passed. */
  async *content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = this.#buffer.indexOf(this.#delimiter);
      if (end >= 0) {
        const last = this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + this.#delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      // The end of what is here may be the beginning of the boundary.
      const safe = this.#buffer.length - this.#delimiter.length + 1;
      if (safe > 0) {
        const bytes = this.#buffer.subarray(0, safe);
        this.#buffer = this.#buffer.subarray(safe);
        yield bytes;
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw malformed();
    this.#buffer = Buffer.concat([this.#buffer, value]);
  }
}

function malformed(): Error {
  return s3Error('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');
}
