import type { AwsService, Input } from '../../aws-call.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { s3Error } from '../s3-error.ts';
import { count, requiredText, text } from '../s3-members.ts';
import type { ListedObject, ObjectStore } from '../storage/object-store.ts';

const KEYS_MAX = 1_000;
/** Comes after every key that begins with what stands before it. */
const LAST = '\u{10ffff}';

/** ListObjectsV2 and its older form. */
export function listOperations({ buckets, objects, accountId }: S3Context): AwsService {
  const list = (input: Input, after: string | undefined) => {
    const { name } = buckets.get(requiredText(input, 'Bucket'));
    const query = {
      ...{ bucket: name, prefix: text(input, 'Prefix') ?? '', delimiter: text(input, 'Delimiter') ?? '' },
      ...{ after: after ?? '', limit: count(input, 'MaxKeys', KEYS_MAX) },
    };
    return { query, page: listKeys(objects, query), encode: encoder(input) };
  };
  const entryOf = ({ key, object }: ListedObject, encode: Encode) => ({
    ...{ Key: encode(key), LastModified: new Date(object.modifiedMs).toISOString(), ETag: `"${object.etag}"` },
    ChecksumAlgorithm: object.checksum?.algorithm,
    ChecksumType: object.checksum?.type,
    ...{ Size: object.size, StorageClass: object.headers['x-amz-storage-class'] ?? 'STANDARD' },
  });
  return {
    ListObjectsV2: (input) => {
      const token = text(input, 'ContinuationToken');
      const { query, page, encode } = list(input, token === undefined ? text(input, 'StartAfter') : keyOfToken(token));
      const Owner = text(input, 'FetchOwner') === 'true' ? { ID: accountId } : undefined;
      const value = {
        Name: query.bucket,
        Prefix: encode(query.prefix),
        Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
        StartAfter: text(input, 'StartAfter'),
        ContinuationToken: token,
        NextContinuationToken: page.next === undefined ? undefined : tokenOfKey(page.next),
        KeyCount: page.objects.length + page.prefixes.length,
        MaxKeys: query.limit,
        EncodingType: text(input, 'EncodingType'),
        IsTruncated: page.next !== undefined,
        Contents: page.objects.map((listed) => ({ ...entryOf(listed, encode), Owner })),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      };
      return { xml: { root: 'ListBucketResult', value } } satisfies S3Output;
    },
    ListObjects: (input) => {
      const { query, page, encode } = list(input, text(input, 'Marker'));
      const value = {
        Name: query.bucket,
        Prefix: encode(query.prefix),
        Marker: encode(text(input, 'Marker') ?? ''),
        Delimiter: query.delimiter === '' ? undefined : encode(query.delimiter),
        MaxKeys: query.limit,
        EncodingType: text(input, 'EncodingType'),
        IsTruncated: page.next !== undefined,
        NextMarker: page.next === undefined || query.delimiter === '' ? undefined : encode(page.next),
        Contents: page.objects.map((listed) => ({ ...entryOf(listed, encode), Owner: { ID: accountId } })),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      };
      return { xml: { root: 'ListBucketResult', value } } satisfies S3Output;
    },
  };
}

interface KeysQuery {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** A key, or a common prefix: what comes after it. */
  readonly after: string;
  readonly limit: number;
}

interface KeysPage {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  /** The last key or prefix of the page, where there is more. */
  readonly next: string | undefined;
}

/** Keys and common prefixes together, at most `limit`; the keys below a common prefix are not looked at one by one. */
function listKeys(store: ObjectStore, { bucket, prefix, delimiter, after, limit }: KeysQuery): KeysPage {
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  // The page before may have ended with a prefix: whatever is below it is done with.
  const isBelow = delimiter !== '' && after.length > prefix.length && after.endsWith(delimiter);
  let position = { from: isBelow ? after + LAST : after, isAfter: after !== '' };
  let last: string | undefined;
  for (;;) {
    const rest = limit - objects.length - prefixes.length;
    const batch = store.list(bucket, { prefix, ...position, limit: rest + 1 });
    let jump: string | undefined;
    for (const listed of batch) {
      const isFull = objects.length + prefixes.length === limit;
      if (isFull) return { objects, prefixes, next: last };
      const end = delimiter === '' ? -1 : listed.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        objects.push(listed);
        last = listed.key;
        continue;
      }
      last = listed.key.slice(0, end + delimiter.length);
      prefixes.push(last);
      jump = last + LAST;
      break;
    }
    if (jump === undefined) return { objects, prefixes, next: undefined };
    position = { from: jump, isAfter: true };
  }
}

type Encode = (text: string) => string;

function encoder(input: Input): Encode {
  const type = text(input, 'EncodingType');
  if (type === undefined) return (value) => value;
  if (type !== 'url') throw s3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return (value) => encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function tokenOfKey(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (tokenOfKey(key) !== token) throw s3Error('InvalidArgument', 'The continuation token provided is incorrect');
  return key;
}
