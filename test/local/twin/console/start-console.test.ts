import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../local/twin/console/snapshot.ts';
import { startConsole } from '../../../../local/twin/console/start-console.ts';
import type { LoopbackServer } from '../../../../local/twin/serve-on-loopback.ts';

const snapshot: Snapshot = {
  stage: 'dev',
  startedAtMs: 0,
  nowMs: 1_000,
  awsEndpointUrl: 'http://127.0.0.1:4000',
  cache: 'cache: the embedded server on 127.0.0.1:6000',
  apis: [
    {
      url: 'http://127.0.0.1:3000',
      description: {
        name: 'Api',
        apiId: 'abc',
        stage: 'dev',
        account: { ratePerSecond: 10_000, burst: 5_000 },
        routes: [
          {
            method: 'GET',
            path: '/api/feed',
            logicalId: 'FeedGet',
            authorizer: 'Jwt',
            apiKeyRequired: true,
            throttle: { ratePerSecond: 50, burst: 100 },
            integration: 'AWS_PROXY',
            functionArn: 'arn',
          },
        ],
        plans: [
          {
            name: 'free',
            throttle: { ratePerSecond: 100, burst: 200 },
            methodThrottles: [],
            quota: undefined,
            keys: [],
          },
        ],
        authorizers: [],
      },
    },
  ],
  functions: [
    {
      name: 'Stack-Feed-X',
      label: 'Api/Feed',
      environments: 2,
      busy: 1,
      waiting: 0,
      invocations: 17,
      failures: 1,
      throttles: 0,
      lastMs: 12.3,
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      reservedConcurrency: undefined,
      lines: [{ source: 'stdout', text: '<img src=x onerror=alert(1)>', atMs: 0 }],
    },
  ],
  tables: [{ name: 'Stack-Posts-X', label: 'Tables/Posts', items: 5 }],
  streams: [{ label: 'Events', shards: 4, records: 7 }],
  eventSources: [{ logicalId: 'Source', functionName: 'Worker', streamArn: 'arn', backlog: 3 }],
  queues: [{ label: 'DeadLetters', visible: 1, inFlight: 0 }],
  secrets: [{ name: 'SigningKey', lastRotatedMs: 0 }],
  statusCounts: { 200: 4, 429: 1 },
  requests: [
    {
      requestId: 'r',
      startedAtMs: 0,
      method: 'GET',
      path: '/api/feed',
      route: 'GET /api/feed',
      status: 429,
      latencyMs: 2,
      authorizerLatencyMs: 0,
      integrationLatencyMs: undefined,
      principalId: 'ada',
      plan: 'free',
      refusal: { responseType: 'THROTTLED', reason: 'plan free allows 100 requests a second' },
      line: undefined,
    },
  ],
  notices: [{ type: 'AWS::CloudWatch::Alarm', count: 16 }],
};

/** Runs the page's script on a document that only remembers what was put into it. */
function render(shown: Snapshot): Record<string, { innerHTML: string; textContent: string }> {
  const page = readFileSync(new URL('../../../../local/twin/console/console.html', import.meta.url), 'utf8');
  const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? '';
  const elements: Record<string, { innerHTML: string; textContent: string }> = {};
  const getElementById = (id: string) => {
    expect(page).toContain(`id="${id}"`);
    elements[id] ??= { innerHTML: '', textContent: '' };
    return elements[id];
  };
  runInNewContext(`${script.replace(/refresh\(\);\s*$/, '')}; show(shown);`, {
    document: { getElementById, querySelectorAll: () => [] },
    shown,
  });
  return elements;
}

describe('console', () => {
  let console: LoopbackServer;

  beforeEach(async () => {
    console = await startConsole(async () => snapshot);
  });
  afterEach(() => console.close());

  it('serves a page that may load nothing from elsewhere', async () => {
    const response = await fetch(console.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await response.text()).not.toMatch(/(src|href)=["']?http/);
  });

  it('serves what the page shows as JSON', async () => {
    const response = await fetch(`${console.url}/snapshot.json`);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(snapshot)));
  });

  it.each([
    ['POST', '/snapshot.json', 405],
    ['GET', '/other', 404],
  ])('fails on %s %s with %i', async (method, path, status) => {
    expect((await fetch(`${console.url}${path}`, { method })).status).toBe(status);
  });

  it('fails for a page of another name that resolves to this machine', async () => {
    const status = await new Promise((resolve) => {
      request(`${console.url}/snapshot.json`, { headers: { Host: 'attacker.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  it('shows requests with the reason of a refusal, functions, routes, tiers and stores', () => {
    const elements = render(snapshot);
    expect(elements.stage?.textContent).toBe('dev');
    expect(elements.counts?.textContent).toBe('4 × 200, 1 × 429');
    expect(elements.requests?.innerHTML).toContain('THROTTLED: plan free allows 100 requests a second');
    expect(elements.functions?.innerHTML).toContain('Api/Feed');
    expect(elements.routes?.innerHTML).toContain('50/s, burst 100');
    expect(elements.plans?.innerHTML).toContain('100/s, burst 200');
    expect(elements.tables?.innerHTML).toContain('Tables/Posts');
    expect(elements.stores?.innerHTML).toContain('3 to do');
    expect(elements.notices?.textContent).toBe('16 × AWS::CloudWatch::Alarm');
  });

  it('shows what functions print as text, never as markup', () => {
    const { functions } = render(snapshot);
    expect(functions?.innerHTML).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(functions?.innerHTML).not.toContain('<img');
  });

  it('says so where there is nothing to show', () => {
    const nothing = { ...snapshot, apis: [], functions: [], tables: [], requests: [], notices: [], statusCounts: {} };
    const elements = render(nothing);
    expect(elements.requests?.innerHTML).toContain('No request yet.');
    expect(elements.routes?.innerHTML).toContain('No REST API in this assembly.');
    expect(elements.notices?.textContent).toBe('Nothing.');
  });
});
