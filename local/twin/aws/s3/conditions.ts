import type { Input } from '../aws-call.ts';
import { s3Error } from './s3-error.ts';
import { text } from './s3-members.ts';
import type { StoredObject } from './storage/stored-object.ts';

/** Conditions of a request, by the prefix of their members: none, or `CopySource`. */
function conditionsOf(input: Input, prefix: string) {
  return {
    match: text(input, `${prefix}IfMatch`),
    noneMatch: text(input, `${prefix}IfNoneMatch`),
    modifiedSince: seconds(text(input, `${prefix}IfModifiedSince`)),
    unmodifiedSince: seconds(text(input, `${prefix}IfUnmodifiedSince`)),
  };
}

/**
 * Conditions of a read, in the order of RFC 9110, section 13.2.2: a tag has precedence over the time beside it.
 *
 * @throws AwsError NotModified (304), or PreconditionFailed
 */
export function checkRead(input: Input, object: StoredObject): void {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditionsOf(input, '');
  const modified = Math.floor(object.modifiedMs / 1_000);
  if (match !== undefined ? !names(match, object.etag) : modified > (unmodifiedSince ?? Number.POSITIVE_INFINITY)) {
    throw failed(match === undefined ? 'If-Unmodified-Since' : 'If-Match');
  }
  if (noneMatch !== undefined ? names(noneMatch, object.etag) : modified <= (modifiedSince ?? -1)) {
    throw s3Error('NotModified', 'Not Modified', { ETag: `"${object.etag}"` });
  }
}

/** Conditions of a copy about its source. @throws AwsError PreconditionFailed */
export function checkSource(input: Input, object: StoredObject): void {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditionsOf(input, 'CopySource');
  const modified = Math.floor(object.modifiedMs / 1_000);
  if (match !== undefined ? !names(match, object.etag) : modified > (unmodifiedSince ?? Number.POSITIVE_INFINITY)) {
    throw failed('x-amz-copy-source-If-Match');
  }
  if (noneMatch !== undefined ? names(noneMatch, object.etag) : modified <= (modifiedSince ?? -1)) {
    throw failed('x-amz-copy-source-If-None-Match');
  }
}

/**
 * Conditions of a write ("Conditional writes"): `If-None-Match: *` creates only, `If-Match` replaces what is known only.
 *
 * @throws AwsError PreconditionFailed, NoSuchKey, or NotImplemented where S3 takes no such condition.
 */
export function checkWrite(input: Input, key: string, current: StoredObject | undefined): void {
  const { match, noneMatch } = conditionsOf(input, '');
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw s3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      ...{ Header: 'If-None-Match', additionalMessage: 'We only accept * for If-None-Match' },
    });
  }
  if (noneMatch === '*' && current) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw s3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
  if (!names(match, current.etag)) throw failed('If-Match');
}

function names(condition: string, etag: string): boolean {
  return condition.split(',').some((entry) => {
    const tag = entry.trim().replace(/^W\//, '').replaceAll('"', '');
    return tag === '*' || tag === etag;
  });
}

/** Whole seconds, as these headers have no more; a date that cannot be read is no condition. */
function seconds(date: string | undefined): number | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000);
}

function failed(Condition: string): Error {
  return s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition });
}
