import { createHash } from 'node:crypto';
import type { ValkeyCommands } from './open-connection.ts';

/** Runs a script in the store. Replies as the script does. */
export type StoredScript = (
  commands: ValkeyCommands,
  keys: readonly string[],
  words: readonly (string | Buffer)[],
) => Promise<unknown>;

/**
 * Sends the script's name, and the script itself only to a store that does not know it (any more). The name is written
 * before this returns, so that whoever does not wait for the reply may be frozen then.
 */
export function createStoredScript(source: string): StoredScript {
  const sha = createHash('sha1').update(source).digest('hex');
  return async (commands, keys, words) => {
    try {
      return await commands.evalsha(sha, keys.length, ...keys, ...words);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return commands.eval(source, keys.length, ...keys, ...words);
    }
  };
}
