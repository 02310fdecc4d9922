import { describe, expect, it } from 'vitest';
import { between, pickOne, randomOf, seededRandom } from '../../../local/soak/seeded-random.ts';

const draw = (random: () => number, count = 1_000) => Array.from({ length: count }, random);

describe('seeded numbers', () => {
  it('are repeated by their seed, and are others for another one or another part', () => {
    expect(draw(seededRandom(7))).toEqual(draw(seededRandom(7)));
    expect(draw(seededRandom(7))).not.toEqual(draw(seededRandom(8)));
    expect(draw(randomOf(7, 'a'))).toEqual(draw(randomOf(7, 'a')));
    expect(draw(randomOf(7, 'a'))).not.toEqual(draw(randomOf(7, 'b')));
    expect(draw(randomOf(7, 'a'))).not.toEqual(draw(randomOf(8, 'a')));
  });

  it('are spread over [0, 1)', () => {
    const numbers = draw(randomOf(1, 'a'), 10_000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it('pick one of a list, and a number of a range', () => {
    expect(pickOne(['a', 'b'], () => 0.99)).toBe('b');
    expect(between({ least: 10, most: 20 }, () => 0.5)).toBe(15);
  });

  it('fails to pick from nothing', () => {
    expect(() => pickOne([], () => 0)).toThrow('there is nothing to pick from');
  });
});
