import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createAccountThrottle } from '../../../../local/twin/gateway/model/account-throttle.ts';
import { startTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const fixture = { methods: [{ route: 'GET /things' }, { route: 'POST /things' }] };
const timeouts = { headersMs: 120, requestMs: 200, keepAliveMs: 120, checkMs: 20 };
const GET = 'GET /things HTTP/1.1\r\nHost: x\r\n\r\n';

const start = (more = {}) => startTestGateway(fixture, {}, { timeouts, ...more });

/** A connection, everything that it received, and a promise of its end. */
function open(port: number, first = ''): { socket: Socket; received: () => string; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(first);
  return { socket, received: () => text, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
}

/** Sends one character every few milliseconds for as long as the connection lasts. */
function drip({ socket }: { readonly socket: Socket }, character: string): void {
  const timer = setInterval(() => socket.write(character), 10);
  socket.on('close', () => clearInterval(timer));
}

async function expectNoConnection({ gateway }: TestGateway): Promise<void> {
  await expect.poll(() => gateway.openConnections(), { timeout: 3_000 }).toBe(0);
}

describe('a caller who dawdles', () => {
  test.each([
    ['sends nothing at all', '', ''],
    ['stops in the middle of the headers', 'GET /things HTTP/1.1\r\nHos', ''],
    ['drips its headers', 'GET /things HTTP/1.1\r\nX: ', 'a'],
    ['stops in the middle of the body', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nab', ''],
    ['drips its body', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n', 'a'],
    ['never ends its chunks', 'POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n', ''],
  ])('and %s is cut off with 408', async (_, bytes, character) => {
    const gateway = await start();
    const caller = open(gateway.port, bytes);
    if (character !== '') drip(caller, character);
    await caller.closed;
    expect(caller.received()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*\{"message":"Request Timeout"\}$/);
    expect(gateway.calls.service).toBeUndefined();
    expect((await gateway.get('/things', { headers: { connection: 'close' } })).status).toBe(200);
    await expectNoConnection(gateway);
  });

  test('between two requests is disconnected without a word', async () => {
    const gateway = await start({ timeouts: { ...timeouts, headersMs: 5_000, requestMs: 5_000 } });
    const caller = open(gateway.port, GET);
    await caller.closed;
    expect(caller.received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  });
});

describe('a caller who leaves', () => {
  test('its own side of the connection still gets its answer', async () => {
    const gateway = await start();
    const caller = open(gateway.port);
    caller.socket.end(GET);
    await caller.closed;
    expect(caller.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await expectNoConnection(gateway);
  });

  test('while the function runs harms nobody', async () => {
    const release = Promise.withResolvers<unknown>();
    const gateway = await startTestGateway(fixture, { service: () => release.promise }, { timeouts });
    const caller = open(gateway.port, GET);
    await expect.poll(() => gateway.calls.service?.length).toBe(1);
    caller.socket.resetAndDestroy();
    await expectNoConnection(gateway);
    release.resolve({ statusCode: 200, body: 'late' });
    expect((await gateway.get('/things')).status).toBe(200);
  });
});

describe('a thousand idle connections', () => {
  test('do not keep requests from being served, and leave nothing behind', async () => {
    const accountThrottle = createAccountThrottle({ ratePerSecond: 1, burst: 2_000 });
    const gateway = await startTestGateway(fixture, {}, { accountThrottle });
    const idle = Array.from({ length: 1_000 }, () => open(gateway.port));
    await expect.poll(() => gateway.gateway.openConnections(), { timeout: 5_000 }).toBe(1_000);
    for (let index = 0; index < 20; index += 1) {
      expect((await gateway.get('/things', { headers: { connection: 'close' } })).status).toBe(200);
    }
    expect(await gateway.gateway.openConnections()).toBe(1_000);
    for (const { socket } of idle) socket.destroy();
    await expectNoConnection(gateway);
  });

  test('are closed with the gateway, those with a request in the middle, too', async () => {
    const gateway = await startTestGateway(fixture);
    const idle = Array.from({ length: 100 }, (_, index) => open(gateway.port, index % 2 === 0 ? '' : GET.slice(0, 9)));
    await expect.poll(() => gateway.gateway.openConnections()).toBe(100);
    await gateway.gateway.close();
    await Promise.all(idle.map(({ closed }) => closed));
    await expectNoConnection(gateway);
  });
});
