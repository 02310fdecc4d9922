import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyConnection } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { StoreError, ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const PENALTY_MS = 1_000;
const MAX_AGE_MS = 600_000;

/** A connection whose commands do what the test says. */
class FakeConnection implements ValkeyConnection {
  readonly commands: ValkeyConnection['commands'];
  state: 'open' | 'drained' | 'discarded' = 'open';
  discards = 0;
  #onEnd = () => {};

  constructor(mget: () => Promise<(string | null)[]>) {
    this.commands = { mget } as unknown as ValkeyConnection['commands'];
  }

  onEnd(listener: () => void): void {
    this.#onEnd = listener;
  }
  drain(): void {
    this.state = 'drained';
  }
  discard(): void {
    this.state = 'discarded';
    this.discards += 1;
  }
  end(): void {
    this.#onEnd();
  }
}

function createFixture(replies: readonly (() => Promise<(string | null)[]>)[]) {
  const clock = new ManualClock();
  const connections: FakeConnection[] = [];
  const failures: string[] = [];
  const store = new ValkeyStore({
    connect: async () => {
      const connection = new FakeConnection(replies[connections.length] ?? (async () => ['spare']));
      connections.push(connection);
      return connection;
    },
    clock,
    connectTimeoutMs: 20,
    commandTimeoutMs: 20,
    penaltyMs: PENALTY_MS,
    maxConnectionAgeMs: MAX_AGE_MS,
    onFailure: (error) => failures.push(error.message),
  });
  return { clock, connections, failures, store, ask: () => store.run((commands) => commands.mget('key')) };
}

const never = () => new Promise<never>(() => {});
const closed = async () => {
  throw new Error('Connection is closed.');
};

describe('ValkeyStore', () => {
  it('connects for the first command, and keeps the connection', async () => {
    const { connections, ask } = createFixture([async () => ['a']]);
    expect(connections).toHaveLength(0);
    expect(await ask()).toEqual(['a']);
    await ask();
    expect(connections).toHaveLength(1);
  });

  it('closes a connection once, however many commands were under way', async () => {
    const { connections, ask } = createFixture([never]);
    await Promise.allSettled(Array.from({ length: 20 }, ask));
    expect(connections.map(({ discards }) => discards)).toEqual([1]);
  });

  it('fails when the store does not answer in time, and then asks nobody until the penalty is over', async () => {
    const { clock, connections, failures, ask } = createFixture([never]);
    await expect(ask()).rejects.toThrow(new StoreError('the store did not answer within 20 ms'));
    expect(connections.map(({ state }) => state)).toEqual(['discarded']);

    clock.advance(PENALTY_MS - 1);
    await expect(ask()).rejects.toThrow(new StoreError('the store failed a moment ago'));
    expect(connections).toHaveLength(1);

    clock.advance(1);
    expect(await ask()).toEqual(['spare']);
    expect(failures).toEqual(['the store did not answer within 20 ms']);
  });

  it('fails when the connection does not open in time', async () => {
    const { clock } = createFixture([]);
    const store = new ValkeyStore({
      connect: never,
      clock,
      connectTimeoutMs: 20,
      commandTimeoutMs: 20,
      penaltyMs: PENALTY_MS,
      maxConnectionAgeMs: MAX_AGE_MS,
    });
    await expect(store.run((commands) => commands.mget('key'))).rejects.toThrow(
      'the store did not connect within 20 ms',
    );
  });

  it('reports one failure for many commands that fail together', async () => {
    const { failures, ask } = createFixture([never]);
    await Promise.allSettled([ask(), ask(), ask()]);
    expect(failures).toHaveLength(1);
  });

  it('tries once more at once when a connection that has served before turns out to be dead', async () => {
    let answers = 1;
    const { connections, failures, ask } = createFixture([async () => (answers-- > 0 ? ['first'] : closed())]);
    await ask();
    expect(await ask()).toEqual(['spare']);
    expect(connections.map(({ state }) => state)).toEqual(['discarded', 'open']);
    expect(failures).toEqual([]);
  });

  it('fails at once when a new connection is closed', async () => {
    const { connections, ask } = createFixture([closed]);
    await expect(ask()).rejects.toThrow(new StoreError('the store failed: Connection is closed.'));
    expect(connections).toHaveLength(1);
  });

  it('opens another connection after one has ended, without a penalty', async () => {
    const { connections, failures, ask } = createFixture([async () => ['a']]);
    await ask();
    connections[0]?.end();
    expect(await ask()).toEqual(['spare']);
    expect(failures).toEqual([]);
  });

  it('replaces a connection at its age, and lets the old one finish', async () => {
    const { clock, connections, ask } = createFixture([async () => ['a']]);
    await ask();
    clock.advance(MAX_AGE_MS - 1);
    expect(await ask()).toEqual(['a']);
    clock.advance(1);
    expect(await ask()).toEqual(['spare']);
    expect(connections.map(({ state }) => state)).toEqual(['drained', 'open']);
  });

  it('waits a penalty only as long as it is, even if the clock is set back', async () => {
    const { clock, ask } = createFixture([closed]);
    await expect(ask()).rejects.toThrow(StoreError);
    clock.advance(-3_600_000);
    expect(await ask()).toEqual(['spare']);
  });
});

describe('ValkeyStore.send', () => {
  it('has sent the command before it returns, once there is a connection, and waits for no reply', async () => {
    const { store, ask, failures } = createFixture([async () => ['a']]);
    await ask();
    const sent: string[] = [];
    store.send((commands) => {
      sent.push(Object.keys(commands).join());
      return never();
    });
    expect(sent).toEqual(['mget']);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(failures).toEqual([]);
  });

  it('sends after the connection has opened', async () => {
    const { store, connections } = createFixture([]);
    const sent = new Promise((resolve) => {
      store.send(async () => resolve('sent'));
    });
    expect(await sent).toBe('sent');
    expect(connections).toHaveLength(1);
  });

  it('does nothing when the command fails, and nothing during a penalty', async () => {
    const { store, ask, failures } = createFixture([async () => ['a'], closed]);
    await ask();
    store.send(closed);
    expect(await ask()).toEqual(['a']);
    expect(failures).toEqual([]);
    const { store: failed, ask: askFailed } = createFixture([closed]);
    await expect(askFailed()).rejects.toThrow(StoreError);
    let isSent = false;
    failed.send(async () => {
      isSent = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSent).toBe(false);
  });
});

describe('a store over a real connection', () => {
  const clock = new ManualClock();
  const failures: string[] = [];
  const stops: (() => Promise<void> | void)[] = [];

  beforeEach(() => {
    failures.length = 0;
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function openStore(port: number) {
    const store = createEnvironmentStore(
      { SPILLWAY_CACHE_URL: `redis://127.0.0.1:${port}` },
      { clock, onFailure: (error) => failures.push(error.message), connectTimeoutMs: 500, commandTimeoutMs: 500 },
    );
    stops.push(() => store.close());
    return store;
  }

  async function listen(onConnection: (socket: Socket) => void, port = 0): Promise<{ server: Server; port: number }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    stops.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
  }

  async function startEmbedded(): Promise<Cache> {
    const cache = await startCache({ embedded: true });
    stops.push(() => cache.stop());
    return cache;
  }

  it('fails fast where nobody listens', async () => {
    const { server, port } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));
    await expect(openStore(port).run((commands) => commands.mget('key'))).rejects.toBeInstanceOf(StoreError);
    expect(failures).toHaveLength(1);
  });

  it('fails in time where somebody listens but never answers', async () => {
    const { port } = await listen(() => {});
    await expect(openStore(port).run((commands) => commands.mget('key'))).rejects.toThrow(
      'the store did not answer within 500 ms',
    );
  });

  it('serves again once the server is back', async () => {
    const { server, port } = await listen((socket) => socket.destroy());
    const store = openStore(port);
    await expect(store.run((commands) => commands.mget('key'))).rejects.toBeInstanceOf(StoreError);
    await new Promise((resolve) => server.close(resolve));
    await listen((socket) => socket.on('data', () => socket.write('*1\r\n$4\r\nback\r\n')), port);
    clock.advance(PENALTY_MS);
    expect(await store.run((commands) => commands.mget('key'))).toEqual(['back']);
  });

  it('has handed to the kernel what it sends before it returns: a process may be frozen right after', async () => {
    const { port } = await startEmbedded();
    const store = openStore(port);
    const { stream } = await store.run(async (commands) => commands as unknown as { stream: Socket });
    const writtenBefore = stream.bytesWritten;
    store.send((commands) => commands.set('key', 'sent', 'PX', 60_000));
    expect(stream.bytesWritten).toBeGreaterThan(writtenBefore);
    expect(stream.writableLength).toBe(0);
    expect(await store.run((commands) => commands.mget('key'))).toEqual(['sent']);
  });

  it('reads and writes', async () => {
    const { port } = await startEmbedded();
    const store = openStore(port);
    await store.run((commands) => commands.set('key', 'value', 'PX', 60_000));
    expect(await store.run((commands) => commands.mget('key', 'other'))).toEqual(['value', null]);
  });
});
