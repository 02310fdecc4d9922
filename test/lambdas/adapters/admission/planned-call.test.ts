import { describe, expect, it } from 'vitest';
import { shaOf } from '../../../../lambdas/adapters/admission/lua/admission-script.ts';
import { PlannedCall } from '../../../../lambdas/adapters/admission/planned-call.ts';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';

const TEXT = 'return 1';
const NAMES = ['AAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBB'];
const KEYS = { fixedKeys: ['{0}s:feed'], keyHeads: ['{0}', '{0}10:'] };

/** A client that has sent what it was given, and replies with `error` or with the word that was asked. */
function createCommands(error?: Error) {
  const sent: unknown[] = [];
  const commands = {
    sendCommand: (command: { toWritable(socket: object): string }) => {
      sent.push(command.toWritable({}));
      return error === undefined ? Promise.resolve('by name') : Promise.reject(error);
    },
    evalBuffer: async (...words: unknown[]) => {
      sent.push(words);
      return 'by text';
    },
  };
  return { sent, commands: commands as unknown as ValkeyCommands };
}

/** The words of a command in the protocol. */
function wordsOf(text: unknown): string[] {
  return String(text)
    .split('\r\n')
    .filter((_, line) => line > 0 && line % 2 === 0);
}

describe('PlannedCall', () => {
  const lasting = new PlannedCall({ script: { text: TEXT, numbers: [] }, ...KEYS, hasPosition: true });
  const changing = new PlannedCall({ script: { text: TEXT, numbers: [7, '60000'] }, ...KEYS, hasPosition: true });

  it('sends the name of the script, the keys, and the position, before it returns', async () => {
    const { sent, commands } = createCommands();
    const reply = lasting.send(commands, NAMES, 54.5);
    expect(sent).toHaveLength(1);
    expect(wordsOf(sent[0])).toEqual([
      ...['evalsha', shaOf(TEXT), '3', '{0}s:feed', `{0}${NAMES[0]}`, `{0}10:${NAMES[1]}`, '54.5'],
    ]);
    expect(await reply).toBe('by name');
  });

  it('sends the numbers of a plan that does not last', async () => {
    const { sent, commands } = createCommands();
    await changing.send(commands, NAMES, 54.5);
    expect(wordsOf(sent[0]).slice(-2)).toEqual(['54.5', '[7,"60000"]']);
  });

  it('sends no position where no load is measured', async () => {
    const { sent, commands } = createCommands();
    await new PlannedCall({ script: { text: TEXT, numbers: [] }, ...KEYS, hasPosition: false }).send(
      commands,
      NAMES,
      0,
    );
    expect(wordsOf(sent[0])).toHaveLength(6);
  });

  it('sends the script itself to a store that does not know it', async () => {
    const { sent, commands } = createCommands(new Error('NOSCRIPT No matching script.'));
    expect(await changing.send(commands, NAMES, 54.5)).toBe('by text');
    expect(sent[1]).toEqual([...[TEXT, 3, '{0}s:feed', `{0}${NAMES[0]}`, `{0}10:${NAMES[1]}`, '54.5', '[7,"60000"]']]);
  });

  it('fails as the script does, and sends nothing again', async () => {
    const { sent, commands } = createCommands(new Error('ERR user_script:1'));
    await expect(lasting.send(commands, NAMES, 1)).rejects.toThrow('ERR user_script:1');
    expect(sent).toHaveLength(1);
  });
});
