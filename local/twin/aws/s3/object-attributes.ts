import type { Input } from '../aws-call.ts';
import { checksumHeader } from './checksum.ts';
import { s3Error } from './s3-error.ts';
import { text } from './s3-members.ts';
import type { Bucket } from './storage/bucket-store.ts';
import type { ObjectAttributes, StoredObject } from './storage/stored-object.ts';

/** Members that are kept, and answered as these headers. */
const HEADER_OF_MEMBER: Readonly<Record<string, string>> = {
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentType: 'content-type',
  Expires: 'expires',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  StorageClass: 'x-amz-storage-class',
};
/** "Working with object metadata": user-defined metadata has at most 2 KB, keys and values. */
const METADATA_MAX_BYTES = 2_048;
const TAGS_MAX = 10;

/** What a request says of its object. @throws AwsError MetadataTooLarge, InvalidTag */
export function attributesOf(input: Input, bucket: Bucket): ObjectAttributes {
  const given = Object.entries(HEADER_OF_MEMBER).flatMap(([member, header]) => {
    const value = text(input, member);
    return value === undefined || value === '' || value === 'STANDARD' ? [] : [[header, value]];
  });
  const encryption = text(input, 'ServerSideEncryption') === undefined ? bucket.encryption : {};
  return {
    headers: { 'content-type': 'binary/octet-stream', ...encryption, ...Object.fromEntries(given) },
    metadata: metadataOf(input),
    tags: tagsOf(text(input, 'Tagging')),
  };
}

/** Headers of an object, as GetObject and HeadObject answer them. */
export function objectHeaders(object: StoredObject, isChecked: boolean): Record<string, string> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, asHeader(value)]);
  const tagCount = Object.keys(object.tags).length;
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    'accept-ranges': 'bytes',
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    etag: `"${object.etag}"`,
    ...(tagCount > 0 && { 'x-amz-tagging-count': String(tagCount) }),
    ...(isChecked && checksumHeaders(object)),
  };
}

export function checksumHeaders({ checksum }: Pick<StoredObject, 'checksum'>): Record<string, string> {
  return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

/** Encryption of an object, as every answer about a written one says it. */
export function encryptionHeaders({ headers }: ObjectAttributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
  );
}

function metadataOf({ Metadata = {} }: Input): Record<string, string> {
  const metadata = Object.fromEntries(
    Object.entries(Metadata as Record<string, unknown>).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= METADATA_MAX_BYTES) return metadata;
  throw s3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
    ...{ Size: size, MaxSizeAllowed: METADATA_MAX_BYTES },
  });
}

function tagsOf(tagging: string | undefined): Record<string, string> {
  const tags = [...new URLSearchParams(tagging ?? '')];
  if (tags.length > TAGS_MAX) throw s3Error('BadRequest', 'Object tags cannot be greater than 10');
  if (new Set(tags.map(([name]) => name)).size < tags.length) {
    throw s3Error('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  return Object.fromEntries(tags);
}

/** "User-defined object metadata": what is not ASCII is answered as RFC 2047 has it. */
function asHeader(value: string): string {
  return /^[ -~]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}
