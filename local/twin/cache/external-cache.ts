import { ping } from './ping.ts';

const PING_TIMEOUT_MS = 2_000;
const DEFAULT_PORT = 6379;

/**
 * Checks the cache that the user names by URL and returns where it is. Throws an error that names the URL if it is
 * none that the twin can use, or if nothing answers there.
 */
export async function openExternalCache(text: string): Promise<{ host: string; port: number }> {
  const url = URL.parse(text);
  if (url === null || !['redis:', 'valkey:'].includes(url.protocol) || url.hostname === '') {
    throw new Error(`cache URL '${redacted(text)}' must look like redis://127.0.0.1:6379 (no TLS)`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      `cache URL '${redacted(text)}' must not have a user or password; use a server without authentication`,
    );
  }
  if (url.pathname !== '' && url.pathname !== '/' && url.pathname !== '/0') {
    throw new Error(`cache URL '${text}' must not select a database other than 0`);
  }
  // IPv6 addresses stand in brackets in a URL, and without them elsewhere.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  try {
    await ping(host, port, PING_TIMEOUT_MS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`no cache at '${text}': ${reason}; start one there or unset SPILLWAY_CACHE_URL`, { cause: error });
  }
  return { host, port };
}

/** Error messages end up in logs, passwords must not. */
function redacted(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//…@');
}
