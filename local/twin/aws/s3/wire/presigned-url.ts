import { s3Error } from '../s3-error.ts';
import { parameter, type S3Request } from './s3-request.ts';
import { isSameSignature, parseAmzDate, parseCredential, sign, stringToSign } from './signature.ts';

/** The secret of an access key; `undefined` where the twin does not know the key. */
export type SecretOf = (accessKeyId: string) => string | undefined;

/** "A presigned URL can be valid for at most seven days." */
const EXPIRES_MAX_SECONDS = 604_800;
/** How far ahead a signer's clock may be. */
const SKEW_MAX_MS = 900_000;

/** Whether the query string is signed. */
export function isPresigned(request: S3Request): boolean {
  return parameter(request, 'X-Amz-Signature') !== undefined || parameter(request, 'X-Amz-Credential') !== undefined;
}

/**
 * Checks a presigned URL, and says whose key signed it. Of a key that the twin does not know, and whose owner is the
 * account's, there is no secret to hold the signature against.
 *
 * @throws AwsError as S3 refuses: malformed, too early, expired, or signed for another request.
 */
export function checkPresignedUrl(request: S3Request, secretOf: SecretOf, nowMs: number): string {
  const of = (name: string): string => parameter(request, name) ?? '';
  const amzDate = of('X-Amz-Date');
  const credential = parseCredential(of('X-Amz-Credential'));
  const signedMs = parseAmzDate(amzDate);
  const seconds = Number(of('X-Amz-Expires') || Number.NaN);
  if (of('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || !credential || Number.isNaN(signedMs) || Number.isNaN(seconds)) {
    throw malformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
        'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (seconds < 0) throw malformed('X-Amz-Expires must be non-negative');
  if (seconds > EXPIRES_MAX_SECONDS) {
    throw malformed(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  if (signedMs > nowMs + SKEW_MAX_MS) throw s3Error('AccessDenied', 'Request is not yet valid');
  if (signedMs + seconds * 1_000 < nowMs) {
    throw s3Error('AccessDenied', 'Request has expired', {
      ...{ 'X-Amz-Expires': seconds, Expires: new Date(signedMs + seconds * 1_000).toISOString() },
      ServerTime: new Date(nowMs).toISOString(),
    });
  }
  const signedHeaders = of('X-Amz-SignedHeaders').split(';');
  checkAllSigned(request, signedHeaders);
  const secret = secretOf(credential.accessKeyId);
  if (secret === undefined) return credential.accessKeyId;
  const { method, path, query, headers } = request;
  const payloadHash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  const text = stringToSign({ method, path, query, headers, signedHeaders, payloadHash }, amzDate, credential);
  if (!isSameSignature(sign(secret, credential, text), of('X-Amz-Signature')))
    throw notMatching(credential.accessKeyId);
  return credential.accessKeyId;
}

/** A header of S3 that changes the request has to be in the signature. */
function checkAllSigned({ message }: S3Request, signedHeaders: readonly string[]): void {
  const unsigned = Object.keys(message.headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  );
  if (unsigned.length === 0) return;
  throw s3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: unsigned.join(', '),
  });
}

export function notMatching(AWSAccessKeyId: string): Error {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return s3Error('SignatureDoesNotMatch', message, { AWSAccessKeyId });
}

function malformed(message: string): Error {
  return s3Error('AuthorizationQueryParametersError', message);
}
