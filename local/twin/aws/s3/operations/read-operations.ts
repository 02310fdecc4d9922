import type { AwsService, Input } from '../../aws-call.ts';
import { byteRange } from '../byte-range.ts';
import { checkRead } from '../conditions.ts';
import { objectHeaders } from '../object-attributes.ts';
import { bytesOf } from '../object-bytes.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { noSuchKey } from '../s3-error.ts';
import { requiredText, text } from '../s3-members.ts';
import type { StoredObject } from '../storage/stored-object.ts';

/** Members that change headers of an answer. */
const OVERRIDES: Readonly<Record<string, string>> = {
  ResponseCacheControl: 'cache-control',
  ResponseContentDisposition: 'content-disposition',
  ResponseContentEncoding: 'content-encoding',
  ResponseContentLanguage: 'content-language',
  ResponseContentType: 'content-type',
  ResponseExpires: 'expires',
};

/** GetObject, HeadObject, GetObjectTagging. */
export function readOperations({ buckets, objects }: S3Context): AwsService {
  const find = (input: Input): StoredObject => {
    const bucket = buckets.get(requiredText(input, 'Bucket'));
    const key = requiredText(input, 'Key');
    const found = objects.get(bucket.name, key);
    if (!found) throw noSuchKey(key);
    return found;
  };
  const answer = (input: Input, withContent: boolean): S3Output => {
    const object = find(input);
    checkRead(input, object);
    const range = byteRange(text(input, 'Range'), object.size);
    const { from, to } = range ?? { from: 0, to: object.size };
    const overrides = Object.entries(OVERRIDES).flatMap(([member, header]) => {
      const value = text(input, member);
      return value === undefined ? [] : [[header, value]];
    });
    const isChecked = range === undefined && text(input, 'ChecksumMode') === 'ENABLED';
    return {
      statusCode: range ? 206 : 200,
      headers: {
        ...objectHeaders(object, isChecked),
        ...Object.fromEntries(overrides),
        'content-length': String(to - from),
        ...(range && { 'content-range': `bytes ${from}-${to - 1}/${object.size}` }),
      },
      ...(withContent && {
        content: {
          size: to - from,
          bytes: bytesOf(objects.blobs, object.parts, { from, to }),
          done: objects.blobs.hold(object.parts),
        },
      }),
    };
  };
  return {
    GetObject: (input) => answer(input, true),
    HeadObject: (input) => answer(input, false),
    GetObjectTagging: (input) => {
      const Tag = Object.entries(find(input).tags).map(([Key, Value]) => ({ Key, Value }));
      return { xml: { root: 'Tagging', value: { TagSet: { Tag } } } } satisfies S3Output;
    },
  };
}
