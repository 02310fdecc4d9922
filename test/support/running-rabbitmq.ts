import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Debian's, without the wrapper around it that writes to the whole machine's directories. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/** A broker of this process alone: on a port of 127.0.0.1 that was free, with its data below the directory for temporary files. */
export interface RunningRabbit {
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
  /** Ends the broker as an operator would, and starts it on the same data. */
  restart(): Promise<void>;
  /** Ends the broker at once, as a power cut would, and starts it on the same data. */
  crash(): Promise<void>;
  /** Ends the broker, and leaves nothing behind. */
  stop(): Promise<void>;
}

/** @throws Error that says how to install the broker where it is missing */
export async function startRabbit(): Promise<RunningRabbit> {
  if (!existsSync(SERVER)) {
    throw new Error(
      `there is no RabbitMQ at ${SERVER}; install Debian's by 'apt-get install rabbitmq-server', which need not be started`,
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'spillway-rabbitmq-'));
  const [port, distribution, epmd] = await Promise.all([freePort(), freePort(), freePort()]);
  await mkdir(join(directory, 'log'));
  await writeFile(
    join(directory, 'rabbitmq.conf'),
    [
      `listeners.tcp.local = 127.0.0.1:${port}`,
      'log.console = false',
      `log.file = ${join(directory, 'log/rabbitmq.log')}`,
      'vm_memory_high_watermark.absolute = 512MB',
      'disk_free_limit.absolute = 50MB',
    ].join('\n'),
  );
  await writeFile(join(directory, 'enabled_plugins'), '[].');
  const environment = {
    PATH: process.env.PATH ?? '',
    // Erlang keeps its cookie there.
    HOME: directory,
    RABBITMQ_NODENAME: `spillway-${port}@localhost`,
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'pid'),
    RABBITMQ_DIST_PORT: String(distribution),
    // A name server of its own, which ends with it.
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    // A process group of its own: the script starts the broker and, beside it, helpers.
    server = spawn(SERVER, { env: environment, detached: true, stdio: 'ignore', cwd: directory });
    const started = server;
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await isListening(port))) {
      if (started.exitCode !== null || performance.now() > deadline) {
        const log = await readFile(join(directory, 'log/rabbitmq.log'), 'utf8').catch(() => 'nothing was logged');
        throw new Error(`RabbitMQ did not start: ${log.slice(-2_000)}`);
      }
      await wait(100);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = server;
    server = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null) return;
    const exited = new Promise((resolve) => ending.once('exit', resolve));
    process.kill(-ending.pid, signal);
    const late = AbortSignal.timeout(STOP_TIMEOUT_MS);
    late.addEventListener('abort', () => killGroup(ending, 'SIGKILL'));
    await exited;
    // Whatever the broker has left of its group.
    killGroup(ending, 'SIGKILL');
    while (await isListening(port)) await wait(50);
  }

  const stopNameServer = () => runToEnd('epmd', ['-port', String(epmd), '-kill'], environment);
  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    await stopNameServer();
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `amqp://127.0.0.1:${port}`,
    // RabbitMQ lets it in from the same machine alone.
    credentials: { username: 'guest', password: 'guest' },
    async restart() {
      await end('SIGTERM');
      await start();
    },
    async crash() {
      await end('SIGKILL');
      await start();
    },
    async stop() {
      await end('SIGTERM');
      await stopNameServer();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody of it is left.
  }
}

function runToEnd(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: 'ignore' });
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
    server.once('error', reject);
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new Socket();
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.connect(port, '127.0.0.1');
  });
}
