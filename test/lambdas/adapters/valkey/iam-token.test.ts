import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signIamToken } from '../../../../lambdas/adapters/valkey/iam-token.ts';

const options = {
  cacheName: 'Spillway-Dev',
  userId: 'spillway-dev',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session+/=' },
  nowMs: Date.UTC(2026, 10, 1, 12, 30, 15),
};

/** Signature Version 4 of a query, written down again from its specification. */
function expectedSignature(query: string): string {
  const canonicalQuery = query
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='))
    .sort()
    .join('&');
  const emptyHash = createHash('sha256').digest('hex');
  const request = ['GET', '/', canonicalQuery, 'host:spillway-dev', '', 'host', emptyHash].join('\n');
  const scope = '20261101/eu-central-1/elasticache/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261101T123015Z', scope, createHash('sha256').update(request).digest('hex')];
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => createHmac('sha256', secret).update(part).digest(), 'AWS4secret');
  return createHmac('sha256', key).update(toSign.join('\n')).digest('hex');
}

describe('signIamToken', () => {
  it('is a presigned connect request for the user, without its scheme, valid for 15 minutes', async () => {
    const token = await signIamToken(options);
    expect(token.startsWith('spillway-dev/?')).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(token.split('?')[1]))).toEqual({
      Action: 'connect',
      User: 'spillway-dev',
      ResourceType: 'ServerlessCache',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261101/eu-central-1/elasticache/aws4_request',
      'X-Amz-Date': '20261101T123015Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': 'session+/=',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'X-Amz-SignedHeaders': 'host',
    });
  });

  it.each([['session+/='], [undefined]])(
    'is signed as Signature Version 4 demands, with session token %s',
    async (sessionToken) => {
      const token = await signIamToken({ ...options, credentials: { ...options.credentials, sessionToken } });
      const query = token.split('?')[1] ?? '';
      expect(new URLSearchParams(query).get('X-Amz-Signature')).toBe(expectedSignature(query));
    },
  );
});
