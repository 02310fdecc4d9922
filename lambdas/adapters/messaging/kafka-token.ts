import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** In which Region, signed with what. */
export interface KafkaTokenOptions {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  readonly nowMs: number;
}

/** As AWS's own signers make them. */
export const KAFKA_TOKEN_SECONDS = 900;
/** The brokers ask for one, and write it into their logs. It is no part of the signature. */
const USER_AGENT = 'spillway';

/**
 * Token for SASL/OAUTHBEARER of an MSK cluster with IAM: a presigned `kafka-cluster:Connect` request as a URL in base64url
 * without padding (aws-msk-iam-sasl-signer). It opens connections for 15 minutes, and says nothing of which cluster: what it
 * opens, and what may be done then, the role's policies say.
 */
export async function signKafkaToken({ region, credentials, nowMs }: KafkaTokenOptions): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    sha256: Sha256,
    credentials: sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey },
  });
  const host = `kafka.${region}.amazonaws.com`;
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { signingDate: new Date(nowMs), expiresIn: KAFKA_TOKEN_SECONDS },
  );
  const parameters = Object.entries({ ...query, 'User-Agent': USER_AGENT }).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return Buffer.from(`https://${host}/?${parameters.join('&')}`).toString('base64url');
}
