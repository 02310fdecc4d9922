import { describe, expect, it } from 'vitest';
import { parseSoakArguments } from '../../bin/soak.ts';

describe('parseSoakArguments', () => {
  it('soaks for ten minutes, by chance, unless told', () => {
    expect(parseSoakArguments([], 7)).toEqual({ minutes: 10, seed: 7 });
    expect(parseSoakArguments(['--minutes', '0.5', '--seed', '42'], 7)).toEqual({ minutes: 0.5, seed: 42 });
  });

  it('has another seed each time', () => {
    const seeds = Array.from({ length: 5 }, () => parseSoakArguments([])?.seed);
    expect(new Set(seeds).size).toBeGreaterThan(1);
  });

  it('wants nothing where help is asked for', () => {
    expect(parseSoakArguments(['--help'])).toBeUndefined();
  });

  it.each(['0', '-1', '121', 'NaN', 'Infinity', 'long'])('fails for %s minutes', (minutes) => {
    expect(() => parseSoakArguments([`--minutes=${minutes}`])).toThrow(
      `--minutes must be from 0.1 to 120, got '${minutes}'`,
    );
  });

  it.each(['-1', '1.5', 'NaN', '', '12345678901'])("fails for seed '%s'", (seed) => {
    expect(() => parseSoakArguments([`--seed=${seed}`])).toThrow(`--seed must be a whole number, got '${seed}'`);
  });
});
