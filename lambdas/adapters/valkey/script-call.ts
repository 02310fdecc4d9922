import { Command } from 'iovalkey';
import type { ValkeyCommands } from './open-connection.ts';

/** A word in the protocol (RESP2): its length in bytes, and itself. */
export function bulk(word: string): string {
  return bulkHead(Buffer.byteLength(word)) + word + BULK_END;
}

/** Before a word of so many bytes. */
export function bulkHead(bytes: number): string {
  return `$${bytes}\r\n`;
}

export const BULK_END = '\r\n';

/** How a call of a script begins that has so many keys and arguments; each follows as a word. */
export function scriptCallHead(sha: string, keys: number, words: number): string {
  return `*${3 + keys + words}\r\n${bulk('evalsha')}${bulk(sha)}${bulk(String(keys))}`;
}

/** A call that is written down already: the client would do it anew for every request, which costs as much again. */
class ScriptCall extends Command {
  readonly #text: string;

  constructor(sha: string, key: string, text: string) {
    // Of the arguments nobody reads more than the key: a cluster's client finds the node by it.
    super('evalsha', [sha, '1', key], { replyEncoding: null });
    this.#text = text;
  }

  override toWritable(): string {
    return this.#text;
  }
}

/** Sends a call that is written down. Replies with bytes. */
export function sendScriptCall(commands: ValkeyCommands, sha: string, key: string, text: string): Promise<unknown> {
  return commands.sendCommand(new ScriptCall(sha, key, text)) as Promise<unknown>;
}
