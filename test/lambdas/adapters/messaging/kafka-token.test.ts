import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signKafkaToken } from '../../../../lambdas/adapters/messaging/kafka-token.ts';

const options = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session+/=' },
  nowMs: Date.UTC(2026, 10, 1, 12, 30, 15),
};

const urlOf = (token: string) => Buffer.from(token, 'base64url').toString();

/** Signature Version 4 of a query, written down again from its specification. */
function expectedSignature(query: string): string {
  const canonicalQuery = query
    .split('&')
    .filter((pair) => !/^(X-Amz-Signature|User-Agent)=/.test(pair))
    .sort()
    .join('&');
  const emptyHash = createHash('sha256').digest('hex');
  const host = 'kafka.eu-central-1.amazonaws.com';
  const request = ['GET', '/', canonicalQuery, `host:${host}`, '', 'host', emptyHash].join('\n');
  const scope = '20261101/eu-central-1/kafka-cluster/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261101T123015Z', scope, createHash('sha256').update(request).digest('hex')];
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), 'AWS4secret');
  return createHmac('sha256', key).update(toSign.join('\n')).digest('hex');
}

describe('signKafkaToken', () => {
  it('is a presigned request to connect, in base64url without padding, valid for 15 minutes', async () => {
    const token = await signKafkaToken(options);
    expect(token).toMatch(/^[\w-]+$/);
    const url = new URL(urlOf(token));
    expect(url.origin + url.pathname).toBe('https://kafka.eu-central-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261101/eu-central-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20261101T123015Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': 'session+/=',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'X-Amz-SignedHeaders': 'host',
      'User-Agent': 'spillway',
    });
  });

  it('is signed with all but the user agent', async () => {
    const { search, searchParams } = new URL(urlOf(await signKafkaToken(options)));
    expect(searchParams.get('X-Amz-Signature')).toBe(expectedSignature(search.slice(1)));
  });

  it('has no session where the credentials have none', async () => {
    const { sessionToken: _, ...credentials } = options.credentials;
    expect(urlOf(await signKafkaToken({ ...options, credentials }))).not.toContain('Security-Token');
  });
});
