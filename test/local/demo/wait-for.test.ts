import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../local/demo/wait-for.ts';

describe('waitFor', () => {
  it('resolves with the first thing the probe finds', async () => {
    let asked = 0;
    expect(await waitFor(async () => (++asked === 2 ? 'found' : undefined), 5_000, 'nothing')).toBe('found');
    expect(asked).toBe(2);
  });

  it('fails with its message when the time is over', async () => {
    await expect(waitFor(async () => undefined, 0, 'nothing came')).rejects.toThrow('nothing came within 0 ms');
  });
});
