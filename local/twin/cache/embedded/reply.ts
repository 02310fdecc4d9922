/**
 * Replies as commands return them, and their RESP2 form. All text, keys and values included, is held as a "binary
 * string": one character per byte (latin1). Such strings are valid map keys, compare like memcmp, and cost nothing to
 * convert, which is what keeps values binary safe.
 */

/** A simple string such as `+OK`. */
export class Status {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An error reply. Commands throw it; `redis.pcall` and transactions hand it on as a value. */
export class CommandError extends Error {}

/** The null array `*-1` of RESP2, which is not the null string `$-1` (that one is `null`). */
export const NIL_ARRAY = Symbol('nil array');

export const OK = new Status('OK');

export type Reply = string | number | bigint | null | Status | CommandError | typeof NIL_ARRAY | readonly Reply[];

/** The bytes of a reply, as a binary string. Protocol: https://valkey.io/topics/protocol/ */
export function encodeReply(reply: Reply): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return '$-1\r\n';
  if (reply === NIL_ARRAY) return '*-1\r\n';
  if (reply instanceof Status) return `+${oneLine(reply.text)}\r\n`;
  if (reply instanceof CommandError) return `-${oneLine(reply.message)}\r\n`;
  let encoded = `*${reply.length}\r\n`;
  for (const item of reply) encoded += encodeReply(item);
  return encoded;
}

/** A line break inside a one-line reply would end it early and shift every later reply. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
