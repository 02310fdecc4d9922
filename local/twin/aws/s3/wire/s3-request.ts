import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { s3Error } from '../s3-error.ts';

/** A request to S3 as it came, and what it is about. */
export interface S3Request {
  readonly method: string;
  /** As sent, encoded, without the query string. */
  readonly path: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** Names and values in the order of the URL, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /**
   * Names in lower case. `x-amz-` parameters of the query string are here as well, as presigned URLs carry their headers so;
   * what is sent as a header wins.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came to: `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  readonly message: IncomingMessage;
}

/** "Creating object key names": at most 1,024 bytes. */
const KEY_MAX_BYTES = 1_024;

/**
 * Reads the first lines of a request: `/bucket/key`, or a host that begins with the name of a bucket.
 *
 * @throws AwsError where the address is not percent-encoded UTF-8, or the key is too long.
 */
export function readS3Request(message: IncomingMessage, isBucket: (name: string) => boolean): S3Request {
  const { method = 'GET', url = '/' } = message;
  const [path = '/', ...rest] = url.split('?');
  const host = hostOf(message);
  const query = [...new URLSearchParams(rest.join('?').replaceAll('+', '%20'))];
  const fromQuery = query
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name.startsWith('x-amz-'));
  const sent = Object.entries(message.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name.startsWith(':') ? [] : [[name, utf8(String(value))]],
  );
  const ofHost = bucketOfHost(host, isBucket);
  const [first = '', ...others] = path.slice(1).split('/');
  const bucket = ofHost ?? decoded(first);
  const key = decoded(ofHost === undefined ? others.join('/') : path.slice(1));
  if (Buffer.byteLength(key) > KEY_MAX_BYTES) throw s3Error('KeyTooLongError', 'Your key is too long');
  return {
    ...{ method, path, bucket, key, query, message },
    headers: { ...Object.fromEntries([...fromQuery, ...sent]), host },
    endpointUrl: `http://${host}`,
  };
}

/** The value of a query parameter; empty where it stands without one. */
export function parameter({ query }: Pick<S3Request, 'query'>, name: string): string | undefined {
  return query.find(([given]) => given === name)?.[1];
}

export function hostOf({ headers }: IncomingMessage): string {
  return String(headers.host ?? headers[':authority'] ?? '127.0.0.1');
}

/** The bucket that a host names in front: `photos.s3.eu-west-1.amazonaws.com`. A bucket's name may have dots. */
export function bucketOfHost(host: string, isBucket: (name: string) => boolean): string | undefined {
  const labels = host.replace(/:\d+$/, '').split('.');
  for (let count = labels.length - 1; count > 0; count -= 1) {
    const name = labels.slice(0, count).join('.');
    if (isBucket(name)) return name;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error('InvalidURI', "Couldn't parse the specified URI.", { URI: text });
  }
}

/** Node reads headers as latin1; metadata comes as UTF-8, or as latin1 indeed. */
function utf8(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : text;
}
