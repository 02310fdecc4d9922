import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestParser } from '../../../../../local/twin/cache/embedded/request-parser.ts';
import { encodeRequest } from '../raw-client.ts';

function parseAll(...fragments: (string | Buffer)[]): string[][] {
  const parser = new RequestParser();
  const requests: string[][] = [];
  for (const fragment of fragments) {
    parser.push(typeof fragment === 'string' ? Buffer.from(fragment, 'latin1') : fragment);
    for (let request = parser.next(); request !== undefined; request = parser.next()) requests.push(request);
  }
  return requests;
}

describe('RequestParser', () => {
  it('finds the same requests however the bytes are cut', () => {
    const word = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const requests = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    const cuts = fc.array(fc.nat(300), { maxLength: 10 });
    fc.assert(
      fc.property(requests, cuts, (expected, positions) => {
        const bytes = Buffer.from(expected.map(encodeRequest).join(''), 'latin1');
        const edges = [0, ...positions.filter((at) => at <= bytes.length).sort((a, b) => a - b), bytes.length];
        const fragments = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(parseAll(...fragments)).toEqual(expected);
      }),
    );
  });

  it('takes inline commands and ignores empty lines', () => {
    expect(parseAll('PING\r\n', 'SET  a\t1\n', '\r\n')).toEqual([['PING'], ['SET', 'a', '1'], []]);
    expect(parseAll('*0\r\n*-1\r\nPING\r\n')).toEqual([[], [], ['PING']]);
  });

  it('does not join fragments of a big value before it is complete', () => {
    const value = 'x'.repeat(1_000_000);
    const bytes = Buffer.from(encodeRequest(['SET', 'a', value]), 'latin1');
    const fragments = Array.from({ length: Math.ceil(bytes.length / 1_000) }, (_, index) =>
      bytes.subarray(index * 1_000, (index + 1) * 1_000),
    );
    expect(parseAll(...fragments)).toEqual([['SET', 'a', value]]);
  });

  it.each([
    ['a count that is no number', '*x\r\n', 'Protocol error: invalid multibulk length'],
    ['a missing count', '*\r\n', 'Protocol error: invalid multibulk length'],
    ['a fraction of an argument', '*1.5\r\n', 'Protocol error: invalid multibulk length'],
    ['one argument too many', '*1048577\r\n', 'Protocol error: invalid multibulk length'],
    ['an argument that is no string', '*1\r\n+OK\r\n', "Protocol error: expected '$', got '+'"],
    ['a negative length', '*1\r\n$-1\r\n', 'Protocol error: invalid bulk length'],
    ['a length that is no number', '*1\r\n$x\r\n', 'Protocol error: invalid bulk length'],
    ['one byte too many', '*1\r\n$67108865\r\n', 'Protocol error: invalid bulk length'],
    ['an endless count', `*${'1'.repeat(70_000)}`, 'Protocol error: too big mbulk count string'],
    ['an endless inline command', 'x'.repeat(70_000), 'Protocol error: too big inline request'],
    ['an endless length', `*1\r\n$${'1'.repeat(70_000)}`, 'Protocol error: too big bulk count string'],
  ])('fails on %s', (_, bytes, message) => {
    expect(() => parseAll(bytes)).toThrow(message);
  });

  it('accepts a request of just as many and just as long arguments as it allows', () => {
    expect(parseAll('*1048576\r\n$67108864\r\n')).toEqual([]);
  });

  it('fails on a request whose arguments are too big together', () => {
    const parser = new RequestParser();
    const half = Buffer.alloc(64 * 1024 * 1024, 'x');
    parser.push(Buffer.from('*3\r\n$67108864\r\n'));
    parser.push(half);
    parser.push(Buffer.from('\r\n$67108864\r\n'));
    parser.push(half);
    parser.push(Buffer.from('\r\n$1\r\n'));
    expect(() => parser.next()).toThrow('Protocol error: too big request');
  });
});
