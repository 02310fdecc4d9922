import { describe, expect, it } from 'vitest';
import { readBootstrapBrokers } from '../../../../lambdas/adapters/messaging/kafka-bootstrap-brokers.ts';

const ARN = 'arn:aws:kafka:eu-central-1:123456789012:cluster/events/uuid-s1';
const options = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  nowMs: Date.UTC(2026, 10, 1, 12, 30, 15),
};

function answering(status: number, body: string) {
  const calls: { readonly url: string; readonly headers: Record<string, string> }[] = [];
  const send = (async (url: string, { headers }: { readonly headers: Record<string, string> }) => {
    calls.push({ url, headers });
    return new Response(body, { status });
  }) as unknown as typeof fetch;
  return { calls, send };
}

describe('readBootstrapBrokers', () => {
  it('asks MSK in a signed call for the brokers of a cluster with IAM', async () => {
    const { calls, send } = answering(200, '{"bootstrapBrokerStringSaslIam":"boot-1:9098"}');
    expect(await readBootstrapBrokers(ARN, options, send)).toBe('boot-1:9098');
    expect(calls[0]?.url).toBe(
      'https://kafka.eu-central-1.amazonaws.com/v1/clusters/arn%3Aaws%3Akafka%3Aeu-central-1%3A123456789012%3Acluster%2Fevents%2Fuuid-s1/bootstrap-brokers',
    );
    expect(calls[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261101\/eu-central-1\/kafka\/aws4_request, /,
    );
  });

  it.each([
    [403, '{"message":"no"}', /MSK answers 403 for the brokers of arn:aws:kafka.*no/],
    [200, '{"bootstrapBrokerString":"plain:9092"}', /bootstrapBrokerStringSaslIam/],
    [200, 'no JSON', /Invalid JSON/],
  ])('fails where MSK answers %i with %s', async (status, body, message) => {
    await expect(readBootstrapBrokers(ARN, options, answering(status, body).send)).rejects.toThrow(message);
  });
});
