import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConsole } from '../../../../local/twin/console/start-console.ts';
import type { LoopbackServer } from '../../../../local/twin/serve-on-loopback.ts';
import { consoleSnapshot } from '../../../support/console-snapshot.ts';

describe('console', () => {
  let console: LoopbackServer;
  let isBroken: boolean;
  const asked: (string | undefined)[] = [];

  beforeEach(async () => {
    isBroken = false;
    console = await startConsole((logOf) => {
      asked.push(logOf);
      if (isBroken) throw new Error('the clock stands still');
      return consoleSnapshot();
    });
  });
  afterEach(() => console.close());

  it('serves one page that may load nothing from elsewhere', async () => {
    const response = await fetch(console.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/(src|href)=["']?(http|\/)|url\(|@import/);
  });

  it.each(['style', 'script'])('lets the one %s of the page run, by its hash', async (tag) => {
    const response = await fetch(console.url);
    const parts = [...(await response.text()).matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))];
    expect(parts).toHaveLength(1);
    const hash = createHash('sha256')
      .update(parts[0]?.[1] ?? '')
      .digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`${tag}-src 'sha256-${hash}'`);
  });

  it('serves what the page shows as JSON, with the log that is asked for', async () => {
    const response = await fetch(`${console.url}/snapshot.json?log=Stack-Feed-X`);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(consoleSnapshot())));
    expect(asked.at(-1)).toBe('Stack-Feed-X');
  });

  it('fails with the reason where no snapshot can be taken', async () => {
    isBroken = true;
    const response = await fetch(`${console.url}/snapshot.json`);
    expect([response.status, await response.text()]).toEqual([500, 'the clock stands still']);
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

  it('fails on a request target that is no URL, and goes on', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(console.url).port), '127.0.0.1');
      socket.once('data', (data) => {
        resolve(String(data).split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.write('GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    });
    expect(answer).toBe('HTTP/1.1 404 Not Found');
    expect((await fetch(console.url)).status).toBe(200);
  });
});
