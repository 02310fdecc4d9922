import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serveOnLoopback } from '../../../local/twin/serve-on-loopback.ts';

describe('serveOnLoopback', () => {
  it('answers on 127.0.0.1, and on nothing any more once closed, connections kept open included', async () => {
    const server = createServer((_request, response) => response.end('here'));
    const { url, close } = await serveOnLoopback(server);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
    expect(await (await fetch(url)).text()).toBe('here');
    await close();
    await expect(fetch(url)).rejects.toThrow();
  });
});
