import type { Input } from '../../aws-call.ts';
import { algorithmOfHeader } from '../checksum.ts';
import type { Expected } from '../receive-body.ts';
import { s3Error } from '../s3-error.ts';
import { decodeChunked } from './aws-chunked.ts';
import type { S3Request } from './s3-request.ts';

/** Header → member of the SDK's input. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-language': 'ContentLanguage',
  'content-md5': 'ContentMD5',
  'content-type': 'ContentType',
  expires: 'Expires',
  'if-match': 'IfMatch',
  'if-modified-since': 'IfModifiedSince',
  'if-none-match': 'IfNoneMatch',
  'if-unmodified-since': 'IfUnmodifiedSince',
  range: 'Range',
  'x-amz-acl': 'ACL',
  'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-type': 'ChecksumType',
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-modified-since': 'CopySourceIfModifiedSince',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-copy-source-if-unmodified-since': 'CopySourceIfUnmodifiedSince',
  'x-amz-copy-source-range': 'CopySourceRange',
  'x-amz-metadata-directive': 'MetadataDirective',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-storage-class': 'StorageClass',
  'x-amz-tagging': 'Tagging',
  'x-amz-tagging-directive': 'TaggingDirective',
};

/** Query parameter → member. */
const PARAMETERS: Readonly<Record<string, string>> = {
  'continuation-token': 'ContinuationToken',
  delimiter: 'Delimiter',
  'encoding-type': 'EncodingType',
  'fetch-owner': 'FetchOwner',
  'key-marker': 'KeyMarker',
  marker: 'Marker',
  'max-keys': 'MaxKeys',
  'max-parts': 'MaxParts',
  'max-uploads': 'MaxUploads',
  'part-number-marker': 'PartNumberMarker',
  partNumber: 'PartNumber',
  prefix: 'Prefix',
  'response-cache-control': 'ResponseCacheControl',
  'response-content-disposition': 'ResponseContentDisposition',
  'response-content-encoding': 'ResponseContentEncoding',
  'response-content-language': 'ResponseContentLanguage',
  'response-content-type': 'ResponseContentType',
  'response-expires': 'ResponseExpires',
  'start-after': 'StartAfter',
  'upload-id-marker': 'UploadIdMarker',
  uploadId: 'UploadId',
};

const CHUNKED = /^STREAMING-/;
/** Encryption with a key of the caller's own: the twin would have to keep it. */
const CUSTOMER_KEY = 'x-amz-server-side-encryption-customer-algorithm';

/**
 * The members of a request in the SDK's names, with its body as a stream.
 *
 * @throws AwsError where two say the opposite, or the twin does not have it.
 */
export function s3Input(request: S3Request, body: AsyncIterable<Uint8Array>): Input {
  const { bucket, key, headers, query } = request;
  if (headers[CUSTOMER_KEY] !== undefined) {
    throw s3Error('NotImplemented', 'the twin does not encrypt with keys of the caller (SSE-C)');
  }
  const named = (names: typeof HEADERS, pairs: Iterable<readonly [string, string]>): Record<string, string> =>
    Object.fromEntries(
      [...pairs].flatMap(([name, value]) => (Object.hasOwn(names, name) ? [[names[name], value]] : [])),
    );
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name.slice('x-amz-meta-'.length), decodedWord(value)]);
  const encoding = (headers['content-encoding'] ?? '').split(',').map((part) => part.trim());
  const contentEncoding = encoding.filter((part) => part !== '' && part !== 'aws-chunked').join(',');
  const isChunked = CHUNKED.test(headers['x-amz-content-sha256'] ?? '') || encoding.includes('aws-chunked');
  const chunked = isChunked ? decodeChunked(body) : undefined;
  return {
    ...named(PARAMETERS, query),
    ...named(HEADERS, Object.entries(headers)),
    Metadata: Object.fromEntries(metadata),
    ...(contentEncoding !== '' && { ContentEncoding: contentEncoding }),
    ...(bucket !== '' && { Bucket: bucket }),
    ...(key !== '' && { Key: key }),
    Body: chunked?.body ?? body,
    Expected: expectedOf(headers, chunked?.trailer),
  };
}

/** The one checksum that a request says its body has, in a header or after the body. */
function expectedOf(
  headers: S3Request['headers'],
  trailer: ((name: string) => string | undefined) | undefined,
): Pick<Expected, 'checksum' | 'sha256' | 'trailer'> {
  const given = Object.entries(headers).flatMap(([name, value]) => {
    const algorithm = name.startsWith('x-amz-checksum-') ? algorithmOfHeader(name) : undefined;
    return algorithm ? [{ algorithm, value }] : [];
  });
  if (given.length > 1) {
    throw s3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const trailerName = headers['x-amz-trailer']?.toLowerCase();
  const algorithm = trailerName === undefined ? undefined : algorithmOfHeader(trailerName);
  const sha256 = headers['x-amz-content-sha256'] ?? '';
  return {
    ...(/^[\da-f]{64}$/.test(sha256) && { sha256 }),
    ...(given[0] && { checksum: given[0] }),
    ...(algorithm && trailerName && trailer && { trailer: { algorithm, value: () => trailer(trailerName) } }),
  };
}

/** Some clients send what is no ASCII as RFC 2047 has it. */
function decodedWord(value: string): string {
  const match = /^=\?utf-8\?b\?([\w+/=]*)\?=$/i.exec(value);
  return match ? Buffer.from(match[1] ?? '', 'base64').toString() : value;
}
