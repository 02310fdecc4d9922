import { Redis } from 'iovalkey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from '../../../../../local/twin/cache/embedded/embedded-server.ts';
import { encodeRequest, RawClient } from '../raw-client.ts';

describe('embedded server', () => {
  let server: EmbeddedServer;
  let nowMs = 1_000_000;
  beforeAll(async () => {
    server = await startEmbeddedServer({ nowMs: () => nowMs });
  });
  afterAll(() => server.stop());

  const connect = () => new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true });

  it('serves the client library that the services use', async () => {
    const client = connect();
    await client.set('a', '1', 'PX', 100);
    expect(await client.get('a')).toBe('1');
    await client.hset('h', { x: 1, y: 2 });
    expect(await client.hgetall('h')).toEqual({ x: '1', y: '2' });
    const binary = Buffer.from([0, 255, 13, 10]);
    await client.set('binary', binary);
    expect(await client.getBuffer('binary')).toEqual(binary);
    expect(await client.multi().incr('n').get('n').exec()).toEqual([
      [null, 1],
      [null, '1'],
    ]);
    client.defineCommand('addTo', { numberOfKeys: 1, lua: "return redis.call('INCRBY', KEYS[1], ARGV[1])" });
    const withCommand = client as Redis & { addTo(key: string, amount: number): Promise<number> };
    expect(await withCommand.addTo('n', 41)).toBe(42);
    await expect(client.hget('n', 'x')).rejects.toThrow('WRONGTYPE Operation against a key holding the wrong kind');
    client.disconnect();
  });

  it('expires keys by the clock that it is given', async () => {
    const client = connect();
    await client.set('short', '1', 'PX', 100);
    nowMs += 101;
    expect(await client.exists('short')).toBe(0);
    expect(await client.time()).toEqual([1000, 101_000].map(String));
    client.disconnect();
  });

  it('runs each script alone, however many clients call it at once', async () => {
    const clients = Array.from({ length: 8 }, connect);
    const script = "local n = tonumber(redis.call('GET', KEYS[1]) or 0) redis.call('SET', KEYS[1], n + 1) return n";
    const replies = await Promise.all(
      clients.flatMap((client) => Array.from({ length: 50 }, () => client.eval(script, 1, 'counter'))),
    );
    expect(new Set(replies).size).toBe(400);
    for (const client of clients) client.disconnect();
  });

  it('answers in order, whatever the fragments', async () => {
    const client = await RawClient.connect(server.port);
    const bytes = [encodeRequest(['SET', 'f', '1']), encodeRequest(['INCR', 'f']), 'PING\r\n'].join('');
    for (const character of bytes) client.write(character);
    expect(await client.replies(3)).toEqual(['+OK\r\n', ':2\r\n', '+PONG\r\n']);
    client.close();
  });

  it('answers a client that sends much before it reads', async () => {
    const client = await RawClient.connect(server.port);
    const value = 'x'.repeat(100_000);
    const replies = await client.send(Array.from({ length: 300 }, () => ['ECHO', value]));
    expect(replies.every((reply) => reply.length === value.length + 11)).toBe(true);
    client.close();
  });

  it('says what is wrong with the protocol and hangs up', async () => {
    const client = await RawClient.connect(server.port);
    client.write('*1\r\n$4\r\nPING\r\n*1\r\n:1\r\n');
    expect(await client.untilClosed()).toBe("+PONG\r\n-ERR Protocol error: expected '$', got ':'\r\n");
  });

  it('hangs up after QUIT, and at once on a web page that tries its luck', async () => {
    const [polite, page] = [await RawClient.connect(server.port), await RawClient.connect(server.port)];
    polite.write('QUIT\r\nPING\r\n');
    expect(await polite.untilClosed()).toBe('+OK\r\n');
    page.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nSET a 1\r\n');
    expect(await page.untilClosed()).toBe('');
  });

  it('closes its connections when it stops', async () => {
    const other = await startEmbeddedServer();
    const client = await RawClient.connect(other.port);
    await other.stop();
    expect(await client.untilClosed()).toBe('');
    await expect(RawClient.connect(other.port)).rejects.toThrow('ECONNREFUSED');
  });
});
