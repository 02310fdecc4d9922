import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type LoopbackServer, serveOnLoopback } from '../serve-on-loopback.ts';
import type { Snapshot } from './snapshot.ts';

const readPart = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The page as one document, its style in it. */
export function readPage(): string {
  const style = readPart('./console.css') + readPart('./console-narrow.css');
  return readPart('./console.html').replace('<style></style>', () => `<style>\n${style}</style>`);
}

/** What a browser may do with the page: run its one script and style, and ask the console for snapshots. */
function policyOf(page: string): string {
  const hashes = (tag: string): string =>
    [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  return [
    "default-src 'none'",
    `style-src ${hashes('style')}`,
    `script-src ${hashes('script')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the console on a free port of 127.0.0.1: `/` is the page, `/snapshot.json` what it shows, with the log of the
 * function that `?log=<name>` names. The page loads nothing from elsewhere, and its policy forbids it to.
 */
export async function startConsole(snapshot: (logOf?: string) => Snapshot): Promise<LoopbackServer> {
  const page = readPage();
  const policy = policyOf(page);
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://console');
    // A page elsewhere whose name is made to resolve to this machine still sends its own name.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(403).end();
    } else if (request.method !== 'GET') {
      response.writeHead(405, { Allow: 'GET' }).end();
    } else if (url?.pathname === '/') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
      });
      response.end(page);
    } else if (url?.pathname === '/snapshot.json') {
      answer(response, () => snapshot(url.searchParams.get('log') ?? undefined));
    } else {
      response.writeHead(404).end();
    }
  });
  return serveOnLoopback(server);
}

function answer(response: ServerResponse, snapshot: () => Snapshot): void {
  try {
    const body = JSON.stringify(snapshot());
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(body);
  } catch (error) {
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end((error as Error).message);
  }
}
