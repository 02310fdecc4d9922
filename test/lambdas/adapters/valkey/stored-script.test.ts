import { describe, expect, it } from 'vitest';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { createStoredScript } from '../../../../lambdas/adapters/valkey/stored-script.ts';

const script = createStoredScript('return 1');
/** Name of the script in every store: the SHA-1 of `return 1`. */
const SHA = 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db';

function createCommands(error?: Error) {
  const sent: unknown[] = [];
  const commands = {
    evalsha: async (...words: unknown[]) => {
      sent.push(['evalsha', ...words]);
      if (error !== undefined) throw error;
      return 'by name';
    },
    eval: async (...words: unknown[]) => {
      sent.push(['eval', ...words]);
      return 'by text';
    },
  };
  return { sent, commands: commands as unknown as ValkeyCommands };
}

describe('createStoredScript', () => {
  it('has written the name of the script, with keys and words, before it returns', () => {
    const { sent, commands } = createCommands();
    void script(commands, ['a', 'b'], ['word']);
    expect(sent).toEqual([['evalsha', SHA, 2, 'a', 'b', 'word']]);
  });

  it('sends the script itself to a store that does not know it', async () => {
    const { sent, commands } = createCommands(new Error('NOSCRIPT No matching script.'));
    expect(await script(commands, ['a'], ['word'])).toBe('by text');
    expect(sent.at(-1)).toEqual(['eval', 'return 1', 1, 'a', 'word']);
  });

  it('fails as the script does, and sends nothing again', async () => {
    const { sent, commands } = createCommands(new Error('ERR user_script:1'));
    await expect(script(commands, [], [])).rejects.toThrow('ERR user_script:1');
    expect(sent).toHaveLength(1);
  });
});
