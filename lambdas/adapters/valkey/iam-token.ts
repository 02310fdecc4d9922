import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** Whose token, for which cache, signed with what. */
export interface IamTokenOptions {
  /** Name of the serverless cache. */
  readonly cacheName: string;
  /** User id, which equals the user name. */
  readonly userId: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  readonly nowMs: number;
}

/** ElastiCache refuses tokens that ask for more. */
export const IAM_TOKEN_SECONDS = 900;

/**
 * Password of an ElastiCache user with IAM authentication: a presigned `connect` request without its scheme
 * (ElastiCache user guide, "Authenticating with IAM"). It opens connections for 15 minutes; one that is open stays open.
 */
export async function signIamToken(options: IamTokenOptions): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = options.credentials;
  const signer = new SignatureV4({
    service: 'elasticache',
    region: options.region,
    sha256: Sha256,
    credentials: sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey },
  });
  const host = options.cacheName.toLowerCase();
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: host,
      path: '/',
      headers: { host },
      query: { Action: 'connect', User: options.userId, ResourceType: 'ServerlessCache' },
    },
    { signingDate: new Date(options.nowMs), expiresIn: IAM_TOKEN_SECONDS },
  );
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(String(value))}`,
  );
  return `${host}/?${query.join('&')}`;
}

/** Percent-encoding as Signature Version 4 wants it: `!'()*` included. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
