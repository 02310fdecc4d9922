import { describe, expect, it } from 'vitest';
import { Denials } from '../../../../../local/twin/aws/iam/denials.ts';

describe('Denials', () => {
  it('tells of each sentence once, and counts them all, the most frequent first', () => {
    const told: string[] = [];
    const denials = new Denials((message) => told.push(message));
    for (const message of ['a', 'b', 'b']) denials.add(message);
    expect(told).toEqual(['a', 'b']);
    expect(denials.list()).toEqual([
      { message: 'b', count: 2 },
      { message: 'a', count: 1 },
    ]);
  });

  it('keeps a thousand sentences, and neither tells nor keeps the next', () => {
    const told: string[] = [];
    const denials = new Denials((message) => told.push(message));
    for (let index = 0; index < 1_001; index += 1) denials.add(`no ${index}`);
    expect([told.length, denials.list().length]).toEqual([1_000, 1_000]);
    denials.add('no 1000');
    expect(told).toHaveLength(1_000);
  });
});
