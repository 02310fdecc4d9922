import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type LoopbackServer, serveOnLoopback } from '../serve-on-loopback.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Serves the console on a free port of 127.0.0.1: `/` is the page, `/snapshot.json` what it shows. The page loads
 * nothing from elsewhere, and its policy forbids it to.
 */
export async function startConsole(snapshot: () => Promise<Snapshot>): Promise<LoopbackServer> {
  const page = readFileSync(new URL('./console.html', import.meta.url));
  const server = createServer((request, response) => {
    // A page elsewhere whose name is made to resolve to this machine still sends its own name.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(403).end();
    } else if (request.method !== 'GET') {
      response.writeHead(405, { Allow: 'GET' }).end();
    } else if (request.url === '/') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy':
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
      });
      response.end(page);
    } else if (request.url === '/snapshot.json') {
      snapshot().then(
        (value) => {
          response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
          response.end(JSON.stringify(value));
        },
        (error: unknown) => {
          response.writeHead(500, { 'Content-Type': 'text/plain' }).end((error as Error).message);
        },
      );
    } else {
      response.writeHead(404).end();
    }
  });
  return serveOnLoopback(server);
}
