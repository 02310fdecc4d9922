import { describe, expect, it } from 'vitest';
import {
  CommandError,
  encodeReply,
  NIL_ARRAY,
  OK,
  type Reply,
  Status,
} from '../../../../../local/twin/cache/embedded/reply.ts';

describe('encodeReply', () => {
  it.each<[string, Reply, string]>([
    ['a string by its length in bytes', '\u0000\r\n\u00ff', '$4\r\n\u0000\r\n\u00ff\r\n'],
    ['an empty string', '', '$0\r\n\r\n'],
    ['an integer', -7, ':-7\r\n'],
    ['an integer beyond 2^53', 9223372036854775807n, ':9223372036854775807\r\n'],
    ['null', null, '$-1\r\n'],
    ['the null array', NIL_ARRAY, '*-1\r\n'],
    ['a status', OK, '+OK\r\n'],
    ['an error', new CommandError('ERR no'), '-ERR no\r\n'],
    ['an array in an array', ['a', [1, null], []], '*3\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n*0\r\n'],
  ])('encodes %s', (_, reply, bytes) => {
    expect(encodeReply(reply)).toBe(bytes);
  });

  it('keeps a status and an error on one line', () => {
    expect(encodeReply(new Status('a\r\nb'))).toBe('+a  b\r\n');
    expect(encodeReply(new CommandError('ERR a\nb'))).toBe('-ERR a b\r\n');
  });
});
