import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { ping } from './ping.ts';

const START_TIMEOUT_MS = 5_000;
const PING_EVERY_MS = 20;
const STOP_TIMEOUT_MS = 2_000;
/** Somebody else may take the free port before the server does. */
const ATTEMPTS = 3;
const OUTPUT_MAX_LENGTH = 2_000;

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a Valkey or Redis server on a port of 127.0.0.1, a free one by default, without persistence, configuration file or log.
 * Rejects with the server's own words if it does not start. The server ends with this process, even if this process
 * is killed.
 */
export async function startServerProcess(binary: string, port?: number): Promise<ServerProcess> {
  let problem: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      return await start(binary, port ?? (await freePort()));
    } catch (error) {
      problem = error;
      if (!(error instanceof Error && /already in use/i.test(error.message))) break;
    }
  }
  throw problem;
}

async function start(binary: string, port: number): Promise<ServerProcess> {
  const settings = {
    bind: '127.0.0.1',
    port,
    save: '',
    appendonly: 'no',
    loglevel: 'warning',
    logfile: '',
    // Nothing is written there; without it, a server would start in whatever folder the twin was started from.
    dir: tmpdir(),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // Detached, so that Ctrl-C in the terminal reaches the twin alone, which stops the server last.
  const child = spawn(binary, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastWords = collectLastWords(child);
  const ended = untilEnded(child);
  const { pid } = child;
  if (pid === undefined) {
    await ended;
    throw new Error(lastWords());
  }
  const guard = startGuard(pid);
  const guardEnded = untilEnded(guard);
  void ended.then(() => guard.kill('SIGKILL'));
  const stop = async (signal: NodeJS.Signals) => {
    child.ref();
    guard.ref();
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
    await guardEnded;
  };
  const outcome = await Promise.race([answersPing(port), ended.then(() => 'ended' as const)]);
  if (outcome !== 'ready') {
    await stop('SIGKILL');
    throw new Error(outcome === 'ended' ? lastWords() : `no answer to PING within ${START_TIMEOUT_MS} ms`);
  }
  letGo(child);
  letGo(guard);
  return { port, pid, stop: () => stop('SIGTERM') };
}

async function answersPing(port: number): Promise<'ready' | 'silent'> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      await ping('127.0.0.1', port, deadline - Date.now());
      return 'ready';
    } catch {
      await delay(PING_EVERY_MS);
    }
  }
  return 'silent';
}

/** Resolves when the process is gone, or could not be started in the first place. */
function untilEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/**
 * A shell that waits for the end of its input, which comes when this process ends in whatever way, and then kills the
 * server. Watching the parent needs nothing but a pipe, and works where the parent could do nothing any more.
 */
function startGuard(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', 'read -r _; kill -KILL "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin?.on('error', () => {});
  return guard;
}

/** Neither the process nor its pipes keep the event loop running. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    (stream as { unref?: () => void } | null)?.unref?.();
  }
}

/** Returns what the process has said last, for an error message. */
function collectLastWords(child: ChildProcess): () => string {
  let text = '';
  const add = (more: string) => {
    text = `${text}\n${more}`.slice(-OUTPUT_MAX_LENGTH);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => add(chunk.toString()));
  child.once('error', (error) => add(error.message));
  return () => {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.at(-1)?.trim() ?? 'it ended without a word';
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
