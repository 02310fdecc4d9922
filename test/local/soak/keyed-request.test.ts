import { describe, expect, it } from 'vitest';
import { sendPerhapsKeyed } from '../../../local/soak/keyed-request.ts';

/** Draws in order: keyed below 0.5, two for the key, again below 0.4, at once below 0.2. */
function start(draws: readonly number[], statuses: readonly number[]) {
  const [left, answers] = [[...draws], [...statuses]];
  const keys: (string | undefined)[] = [];
  const sent = sendPerhapsKeyed(
    async (key) => {
      keys.push(key);
      const status = answers.shift() ?? 0;
      return { status, body: status < 300 && status > 0 ? { id: 'a' } : {} };
    },
    () => left.shift() ?? 0.99,
  );
  return { sent, keys };
}

describe('sendPerhapsKeyed', () => {
  it('sends a request without a key once, whatever becomes of it', async () => {
    const { sent, keys } = start([0.6], [503, 201]);
    expect(await sent).toEqual({ fate: 'unknown', ids: [] });
    expect(keys).toEqual([undefined]);
  });

  it('sends one with a key until it is accepted', async () => {
    const { sent, keys } = start([0.1, 0.2, 0.3, 0.9, 0.9], [503, 409, 201]);
    expect(await sent).toEqual({ fate: 'accepted', ids: ['a'] });
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(3);
  });

  it('gives up at last', async () => {
    const { sent, keys } = start([0.1, 0.2, 0.3, 0.9, 0.9], [503, 409, 0, 400, 201]);
    expect(await sent).toEqual({ fate: 'unknown', ids: [] });
    expect(keys).toHaveLength(4);
  });

  it('sends again what was accepted, and twice at a time', async () => {
    const again = start([0.1, 0.2, 0.3, 0.1, 0.9], [201, 201]);
    expect((await again.sent).ids).toEqual(['a', 'a']);
    const atOnce = start([0.1, 0.2, 0.3, 0.9, 0.1], [201, 409]);
    expect(await atOnce.sent).toEqual({ fate: 'accepted', ids: ['a'] });
    expect(atOnce.keys).toHaveLength(2);
  });
});
