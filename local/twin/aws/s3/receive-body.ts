import { createHash } from 'node:crypto';
import { type Checksum, type ChecksumAlgorithm, createChecksum } from './checksum.ts';
import { s3Error } from './s3-error.ts';
import type { Blob, BlobStore } from './storage/blob-store.ts';

/** What a caller may send: over HTTP a stream, from inside of the process bytes or a text. */
export type Body = AsyncIterable<Uint8Array> | Uint8Array | string | undefined;

/** What a body is held against. */
export interface Expected {
  /** `Content-MD5`, base64. */
  readonly md5?: string | undefined;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
  /** A checksum without a value yet: asked for when the body has ended. */
  readonly trailer?: { readonly algorithm: ChecksumAlgorithm; readonly value: () => string | undefined } | undefined;
  /** A checksum that is counted though nobody sent one. */
  readonly algorithm?: ChecksumAlgorithm | undefined;
  /** Of the body, hexadecimal, as it is signed. */
  readonly sha256?: string | undefined;
}

export interface Received extends Blob {
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
}

/** "Amazon S3 multipart upload limits": an object in one piece, and one part, have at most 5 GB. */
export const BODY_MAX_BYTES = 5 * 2 ** 30;
/** Ten thousand parts with a checksum each. */
const DOCUMENT_MAX_BYTES = 4 * 2 ** 20;

/** Takes a body into the store and holds it against what its sender says of it. @throws AwsError; nothing is kept then. */
export async function receiveBody(body: Body, blobs: BlobStore, expected: Expected = {}): Promise<Received> {
  const writer = blobs.begin();
  try {
    const { md5, checksum } = await take(body, expected, BODY_MAX_BYTES, (bytes) => writer.append(bytes));
    return { ...writer.end(), md5, checksum };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** Takes a short document into memory. @throws AwsError as above */
export async function receiveDocument(body: Body, expected: Expected = {}): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  await take(body, expected, DOCUMENT_MAX_BYTES, (bytes) => parts.push(bytes));
  return Buffer.concat(parts);
}

async function take(
  body: Body,
  expected: Expected,
  maxBytes: number,
  append: (bytes: Uint8Array) => void,
): Promise<Pick<Received, 'md5' | 'checksum'>> {
  const md5 = createHash('md5');
  const sha256 = expected.sha256 === undefined ? undefined : createHash('sha256');
  const algorithm = expected.checksum?.algorithm ?? expected.trailer?.algorithm ?? expected.algorithm;
  const checksum = algorithm && createChecksum(algorithm);
  let size = 0;
  for await (const bytes of chunksOf(body)) {
    size += bytes.length;
    if (size > maxBytes) throw entityTooLarge(size, maxBytes);
    md5.update(bytes);
    sha256?.update(bytes);
    checksum?.update(bytes);
    append(bytes);
  }
  const digest = md5.digest();
  checkMd5(expected.md5, digest);
  if (sha256 && sha256.digest('hex') !== expected.sha256) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw s3Error('XAmzContentSHA256Mismatch', message);
  }
  return { md5: digest.toString('hex'), checksum: algorithm && checksum && checkedSum(algorithm, checksum, expected) };
}

export function entityTooLarge(ProposedSize: number, MaxSizeAllowed: number): Error {
  const message = 'Your proposed upload exceeds the maximum allowed size';
  return s3Error('EntityTooLarge', message, { ProposedSize, MaxSizeAllowed });
}

async function* chunksOf(body: Body): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  if (typeof body === 'string') yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

function checkMd5(expected: string | undefined, digest: Buffer): void {
  if (expected === undefined) return;
  if (Buffer.from(expected, 'base64').length !== digest.length) {
    throw s3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (expected !== digest.toString('base64')) {
    throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

function checkedSum(algorithm: ChecksumAlgorithm, checksum: Checksum, expected: Expected): Received['checksum'] {
  const value = checksum.digest();
  const given = expected.checksum?.value ?? expected.trailer?.value();
  if (given !== undefined && given !== value) {
    throw s3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value };
}
