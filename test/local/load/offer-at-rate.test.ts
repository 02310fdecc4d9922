import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { offerAtRate } from '../../../local/load/offer-at-rate.ts';

let server: Server | undefined;

async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const started = createServer(handler);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('offerAtRate', () => {
  it('offers rate × time requests and reports every status with its problem', async () => {
    let seen = 0;
    const baseUrl = await serve((_request, response) => {
      seen += 1;
      if (seen % 2 === 0) response.writeHead(429).end('{"type":"urn:x:rate-limited","detail":"slow down"}');
      else response.writeHead(200).end('{}');
    });
    const outcomes = await offerAtRate({
      baseUrl,
      ratePerSecond: 200,
      durationMs: 200,
      requestAt: (index) => ({ method: 'POST', path: `/x/${index}`, body: '{}' }),
    });
    expect(outcomes).toHaveLength(40);
    expect(outcomes.filter((outcome) => outcome.status === 200)).toHaveLength(20);
    const refused = outcomes.filter((outcome) => outcome.status === 429);
    expect(refused).toHaveLength(20);
    expect(refused[0]).toMatchObject({ reason: 'urn:x:rate-limited', detail: 'slow down' });
  });

  it('goes on offering while answers are outstanding, and reports what was never answered', async () => {
    const baseUrl = await serve(() => undefined);
    const outcomes = await offerAtRate({
      baseUrl,
      ratePerSecond: 100,
      durationMs: 50,
      timeoutMs: 100,
      requestAt: () => ({ method: 'GET', path: '/' }),
    });
    expect(outcomes.map((outcome) => outcome.status)).toEqual([0, 0, 0, 0, 0]);
    expect(outcomes[0]?.reason).toBe('no answer within 100 ms');
  });

  it('fails for another machine than this one', async () => {
    const load = { ratePerSecond: 1, durationMs: 1_000, requestAt: () => ({ method: 'GET', path: '/' }) };
    await expect(offerAtRate({ ...load, baseUrl: 'http://example.com' })).rejects.toThrow(
      'a load goes to this machine only, got example.com; use http://127.0.0.1:<port>',
    );
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY, -1])('fails for a rate of %s', async (ratePerSecond) => {
    const load = { baseUrl: 'http://127.0.0.1:1', durationMs: 1_000, requestAt: () => ({ method: 'GET', path: '/' }) };
    await expect(offerAtRate({ ...load, ratePerSecond })).rejects.toThrow(
      `a load needs at least one request, got ${ratePerSecond}/s for 1000 ms`,
    );
  });
});
