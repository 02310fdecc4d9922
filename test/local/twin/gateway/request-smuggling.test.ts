import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../../support/raw-http.ts';
import { startTestGateway } from '../../../support/test-gateway.ts';

const fixture = { methods: [{ route: 'GET /things' }, { route: 'POST /things' }, { route: 'GET /{proxy+}' }] };
const post = (...lines: string[]) => `${['POST /things HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`;
const get = (...lines: string[]) => `${['GET /things HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`;
/** What a smuggler wants to be taken for a request of its own. */
const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n';

/**
 * Shapes that two servers in a row could read in two ways (RFC 9112, sections 5.1, 5.2, 6.1 and 6.3; CWE-444). Each is
 * refused as a whole, and what stands behind it is never served.
 */
describe('a request that could be read in two ways', () => {
  test.each([
    ['a length and then chunks', post('Content-Length: 4', 'Transfer-Encoding: chunked')],
    ['chunks and then a length', post('Transfer-Encoding: chunked', 'Content-Length: 4')],
    ['two equal lengths', post('Content-Length: 0', 'Content-Length: 0')],
    ['a list of lengths', post('Content-Length: 0, 0')],
    ['a negative length', post('Content-Length: -1')],
    ['a length with a sign', post('Content-Length: +0')],
    ['a length in hexadecimal', post('Content-Length: 0x0')],
    ['a length beyond all numbers', post('Content-Length: 99999999999999999999999')],
    ['a coding after chunks', post('Transfer-Encoding: chunked, identity')],
    ['a coding in disguise', post('Transfer-Encoding: \u000bchunked')],
    ['two codings of which one is none', post('Transfer-Encoding: chunked', 'Transfer-Encoding: cow')],
    ['a space before the colon', post('Content-Length : 0')],
    ['a tab before the colon', post('Transfer-Encoding\t: chunked')],
    ['a folded header', post('X-Folded: a', ' b')],
    ['a line of white space before its headers', `GET /things HTTP/1.1\r\n \r\nHost: x\r\n\r\n`],
    ['bare line feeds', 'GET /things HTTP/1.1\nHost: x\n\n'],
    ['a bare line feed between headers', 'GET /things HTTP/1.1\r\nHost: x\nX: y\r\n\r\n'],
    ['a bare carriage return in a header', get('X: a\rb')],
    ['a NUL in a header', get('X: a\u0000b')],
    ['a NUL in a name', get('X\u0000: a')],
    ['a header without a name', get(': a')],
    ['a header without a colon', get('Nonsense')],
    ['a name in brackets', get('[x]: a')],
    ['a NUL in the path', 'GET /things\u0000 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a space in the path', 'GET /things /x HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no version', 'GET /things\r\n\r\n'],
    ['a version that there is not', 'GET /things HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a method that there is not', 'SMUGGLE /things HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two hosts', get('Host: y')],
  ])('%s: refused, and what follows is not served', async (_, bytes) => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [bytes + HIDDEN]);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    expect(gateway.calls.service).toBeUndefined();
    expect((await gateway.get('/things')).status).toBe(200);
  });

  test.each([
    ['a size that is none', 'zz\r\n'],
    ['a size with a sign', '-1\r\n'],
    ['a size beyond all numbers', 'fffffffffffffffff\r\n'],
    ['a size in disguise', '0x1\r\na\r\n0\r\n\r\n'],
    ['a chunk that is longer than its size', '1\r\nabc\r\n0\r\n\r\n'],
    ['bare line feeds', '1\na\n0\n\n'],
  ])('chunks with %s: refused, and what follows is not served', async (_, chunks) => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [post('Transfer-Encoding: chunked') + chunks + HIDDEN]);
    expect(answer).not.toContain('HTTP/1.1 200');
    expect(gateway.calls.service).toBeUndefined();
    expect((await gateway.get('/things')).status).toBe(200);
  });

  test('a whole request as a body stays a body', async () => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [
      post(`Content-Length: ${HIDDEN.length}`, 'Connection: close') + HIDDEN,
    ]);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(gateway.calls.service?.map(({ path, body }) => [path, body])).toEqual([['/things', HIDDEN]]);
  });
});

describe('a path that means trouble', () => {
  test.each([
    ['%', 400],
    ['%2', 400],
    ['%ZZ', 400],
    ['%C0%AF', 400], // an overlong slash
    ['%ED%A0%80', 400], // half of a surrogate pair
    ['?a=%F', 400],
    ['?%=a', 400],
    ['%00', 200], // a character like any other once it is encoded
    ['..%2f..%2fetc', 200], // an encoded slash separates nothing, and two dots mean nothing
    ['../../etc', 200],
    ['?__proto__=a&constructor=b', 200],
    ['?a&a=&=b&&', 200],
    ['a'.repeat(4_000), 200],
  ])('/%s is %i', async (target, status) => {
    const gateway = await startTestGateway(fixture);
    const answer = await sendRaw(gateway.port, [`GET /x/${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
    expect(answer.slice(9, 12)).toBe(String(status));
    expect((await gateway.get('/things')).status).toBe(200);
  });
});

describe('pipelined requests', () => {
  test('are answered in their order, however long each takes', async () => {
    const gateway = await startTestGateway(
      { methods: [{ route: 'GET /{ms}' }] },
      {
        service: async ({ pathParameters }) => {
          const ms = Number(pathParameters?.ms);
          await new Promise((resolve) => setTimeout(resolve, ms));
          return { statusCode: 200, body: `[${ms}]` };
        },
      },
    );
    const one = (ms: number, more = '') => `GET /${ms} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const bytes = one(60) + one(1) + one(30) + one(0, 'Connection: close\r\n');
    const answer = await sendRaw(gateway.port, [bytes]);
    expect(answer.match(/\[\d+\]/g)).toEqual(['[60]', '[1]', '[30]', '[0]']);
  });
});
