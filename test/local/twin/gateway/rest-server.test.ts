import { describe, expect, test } from 'vitest';
import { createAccountThrottle } from '../../../../local/twin/gateway/model/account-throttle.ts';
import { sendRaw } from '../../../support/raw-http.ts';
import { startTestGateway } from '../../../support/test-gateway.ts';

const request = (line: string, ...headers: string[]) => `${[line, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`;
const fixture = { methods: [{ route: 'GET /things' }, { route: 'POST /things' }, { route: 'GET /things/{id}' }] };
/** The gateway is as well as before. */
async function expectHealthy(gateway: Awaited<ReturnType<typeof startTestGateway>>): Promise<void> {
  expect((await gateway.get('/things')).status).toBe(200);
}

describe('limits', () => {
  test('10,240 bytes of request line and header values are just enough, and one more is 431', async () => {
    const gateway = await startTestGateway(fixture);
    const send = async (length: number) => {
      const answer = await sendRaw(gateway.port, [
        `GET /things HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(length)}\r\nConnection: close\r\n\r\n`,
      ]);
      return answer.slice(9, 12);
    };
    // Besides: "GET /things HTTP/1.1" (20), "x" (1) and "close" (5).
    expect(await send(10_240 - 26)).toBe('200');
    expect(await send(10_240 - 25)).toBe('431');
    expect(gateway.access[1]?.refusal?.reason).toBe('request line and headers have more than 10,240 bytes');
  });

  test('headers that not even the parser takes are 431 too', async () => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [request('GET /things HTTP/1.1', `X: ${'a'.repeat(100_000)}`)]);
    expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    await expectHealthy(gateway);
  });

  test('10 MB of body are just enough, and one byte more is 413', async () => {
    const gateway = await startTestGateway(fixture);
    const full = Buffer.alloc(10 * 1_024 * 1_024, 'a');
    expect((await gateway.get('/things', { method: 'POST', body: full })).status).toBe(200);
    const answer = await gateway.get('/things', { method: 'POST', body: Buffer.concat([full, Buffer.from('a')]) });
    expect([answer.status, answer.json]).toEqual([413, { message: 'Request Too Long' }]);
    expect(gateway.calls.service).toHaveLength(1);
    await expectHealthy(gateway);
  });

  test('a chunked body beyond 10 MB is 413 as well', async () => {
    const gateway = await startTestGateway(fixture);
    const chunk = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
    const head = request('POST /things HTTP/1.1', 'Transfer-Encoding: chunked');
    const answer = await sendRaw(gateway.port, [head, ...Array(11).fill(chunk), '0\r\n\r\n']);
    expect(answer.slice(9, 12)).toBe('413');
  });
});

describe('what is no proper request', () => {
  test.each([
    ['an encoding of half a character in the path', '/things/%zz'],
    ['a cut-off encoding', '/things/%E0%A4'],
    ['a broken encoding in the query', '/things?x=%'],
  ])('%s is 400', async (_, target) => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [request(`GET ${target} HTTP/1.1`, 'Connection: close')]);
    expect(answer.slice(9, 12)).toBe('400');
    expect(answer).toContain('{"message":"Bad Request"}');
    expect(gateway.calls.service).toBeUndefined();
    await expectHealthy(gateway);
  });

  test.each([
    ['both a length and chunks', request('POST /things HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two lengths', request('POST /things HTTP/1.1', 'Content-Length: 5', 'Content-Length: 6')],
    ['a length that is no number', request('POST /things HTTP/1.1', 'Content-Length: 5x')],
    ['a space before the colon', 'GET /things HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['an unknown coding', request('POST /things HTTP/1.1', 'Transfer-Encoding: xchunked')],
    ['a bad chunk size', `${request('POST /things HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`],
    ['no host', 'GET /things HTTP/1.1\r\n\r\n'],
    ['a line break in the target', 'GET /things\nX HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000'],
  ])('a request with %s is 400, and reaches no function', async (_, bytes) => {
    const gateway = await startTestGateway(fixture);
    expect((await sendRaw(gateway.port, [bytes])).slice(0, 12)).toBe('HTTP/1.1 400');
    expect(gateway.calls.service).toBeUndefined();
    await expectHealthy(gateway);
  });

  test('a caller who leaves in the middle of a body is forgotten', async () => {
    const gateway = await startTestGateway(fixture);
    await sendRaw(gateway.port, [request('POST /things HTTP/1.1', 'Content-Length: 100'), 'abc', Buffer.alloc(0)], 50);
    await expectHealthy(gateway);
    expect(gateway.access.map(({ method }) => method)).toEqual(['GET']);
  }, 20_000);
});

describe('what is a proper request', () => {
  test('an absolute target counts by its path', async () => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [request('GET http://x/things?a=1 HTTP/1.1', 'Connection: close')]);
    expect(answer.slice(9, 12)).toBe('200');
    expect(gateway.calls.service?.[0]?.path).toBe('/things');
  });

  test('a header of any name reaches the function, its values together', async () => {
    const gateway = await startTestGateway(fixture);
    await sendRaw(gateway.port, [
      request(
        'GET /things HTTP/1.1',
        '__proto__: a',
        'X-Many: 1',
        'x-many: 2',
        'authorization: t',
        'Connection: close',
      ),
    ]);
    const event = gateway.calls.service?.[0];
    expect(Object.entries(event?.headers ?? {})).toContainEqual(['__proto__', 'a']);
    expect(event?.headers).toMatchObject({ 'X-Many': '2', Authorization: 't' });
    expect(event?.multiValueHeaders).toMatchObject({ 'X-Many': ['1', '2'], Authorization: ['t'] });
  });

  test('one connection serves requests in a row', async () => {
    const gateway = await startTestGateway(fixture);
    const one = request('GET /things HTTP/1.1');
    const answer = await sendRaw(gateway.port, [one + one + request('GET /things HTTP/1.1', 'Connection: close')]);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  });

  test('a forwarded address is added to, a trace is kept', async () => {
    const gateway = await startTestGateway(fixture);
    const answer = await gateway.get('/things', {
      headers: { 'x-forwarded-for': '10.0.0.1', 'x-amzn-trace-id': 'Root=1-a-b' },
    });
    expect(gateway.calls.service?.[0]?.headers).toMatchObject({
      'X-Forwarded-For': '10.0.0.1, 127.0.0.1',
      'X-Amzn-Trace-Id': 'Root=1-a-b',
    });
    expect(gateway.calls.service?.[0]?.requestContext.identity.sourceIp).toBe('127.0.0.1');
    expect(answer.headers.get('x-amzn-trace-id')).toBe('Root=1-a-b');
  });

  test('a thousand connections at once are all served', async () => {
    const gateway = await startTestGateway(
      fixture,
      {},
      { accountThrottle: createAccountThrottle({ ratePerSecond: 1, burst: 2_000 }) },
    );
    const one = request('GET /things HTTP/1.1', 'Connection: close');
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => sendRaw(gateway.port, [one], 2_000)));
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200'))).toHaveLength(1_000);
  });
});
