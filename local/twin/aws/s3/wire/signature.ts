import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** `<key id>/<day>/<Region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** Undefined where it is none. */
export function parseCredential(text: string): CredentialScope | undefined {
  const [accessKeyId = '', day = '', region = '', service = '', end, ...more] = text.split('/');
  return accessKeyId !== '' && end === 'aws4_request' && more.length === 0
    ? { accessKeyId, day, region, service }
    : undefined;
}

/** Milliseconds of `20261122T100356Z`; NaN where it is none. */
export function parseAmzDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Hexadecimal signature of a text ("Signature Version 4 signing process"). */
export function sign(secret: string, { day, region, service }: CredentialScope, text: string): string {
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

export function isSameSignature(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A request whose query string is signed. */
export interface SignedUrl {
  readonly method: string;
  /** As sent, encoded. */
  readonly path: string;
  /** Names and values, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of `X-Amz-SignedHeaders`. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/** The text that a presigned URL's signature is of: the path of S3 is encoded once. */
export function stringToSign(url: SignedUrl, amzDate: string, { day, region, service }: CredentialScope): string {
  const query = url.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [uriEncode(name), uriEncode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const path = url.path.split('/').map(decodedPart).map(uriEncode).join('/');
  const headers = url.signedHeaders.map(
    (name) => `${name}:${(url.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`,
  );
  const canonical = [url.method, path, query, headers.join(''), url.signedHeaders.join(';'), url.payloadHash].join(
    '\n',
  );
  const digest = createHash('sha256').update(canonical).digest('hex');
  return ['AWS4-HMAC-SHA256', amzDate, `${day}/${region}/${service}/aws4_request`, digest].join('\n');
}

function uriEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What is not percent-encoded UTF-8 no client has signed: it stays as it is, and the signature does not match. */
function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
