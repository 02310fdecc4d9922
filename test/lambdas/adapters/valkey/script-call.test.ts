import { describe, expect, it } from 'vitest';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { bulk, scriptCallHead, sendScriptCall } from '../../../../lambdas/adapters/valkey/script-call.ts';

interface Sent {
  readonly name: string;
  getKeys(): unknown[];
  toWritable(socket: object): string;
}

describe('scriptCallHead', () => {
  it('begins a call as the client would write it', () => {
    const text = scriptCallHead('abc', 1, 1) + bulk('{0}key') + bulk('größer');
    expect(text).toBe('*5\r\n$7\r\nevalsha\r\n$3\r\nabc\r\n$1\r\n1\r\n$6\r\n{0}key\r\n$8\r\ngrößer\r\n');
  });
});

describe('sendScriptCall', () => {
  it('sends what is written, and lets a cluster find the node by the key', async () => {
    const sent: Sent[] = [];
    const commands = {
      sendCommand: async (command: Sent) => {
        sent.push(command);
        return 'reply';
      },
    } as unknown as ValkeyCommands;
    expect(await sendScriptCall(commands, 'abc', '{3}key', 'the text')).toBe('reply');
    expect(sent[0]?.toWritable({})).toBe('the text');
    expect(sent[0]?.getKeys()).toEqual(['{3}key']);
  });
});
