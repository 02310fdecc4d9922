import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as v from 'valibot';
import type { KafkaTokenOptions } from './kafka-token.ts';

const TIMEOUT_MS = 5_000;
const Reply = v.object({ bootstrapBrokerStringSaslIam: v.pipe(v.string(), v.nonEmpty()) });

/**
 * Asks MSK for the brokers of a cluster with IAM, `host:port` separated by commas: CloudFormation does not know them. One
 * call, for which the SDK's client of MSK would be some hundreds of kilobytes.
 * @throws Error for any answer but theirs
 */
export async function readBootstrapBrokers(
  clusterArn: string,
  { region, credentials, nowMs }: KafkaTokenOptions,
  send: typeof fetch = fetch,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service: 'kafka',
    region,
    sha256: Sha256,
    credentials: sessionToken ? { accessKeyId, secretAccessKey, sessionToken } : { accessKeyId, secretAccessKey },
  });
  const host = `kafka.${region}.amazonaws.com`;
  const path = `/v1/clusters/${encodeURIComponent(clusterArn)}/bootstrap-brokers`;
  const { headers } = await signer.sign(
    { method: 'GET', protocol: 'https:', hostname: host, path, headers: { host } },
    { signingDate: new Date(nowMs) },
  );
  const response = await send(`https://${host}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`MSK answers ${response.status} for the brokers of ${clusterArn}: ${text}`);
  return v.parse(v.pipe(v.string(), v.parseJson(), Reply), text).bootstrapBrokerStringSaslIam;
}
