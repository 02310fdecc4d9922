import { describe, expect, it } from 'vitest';
import { literal, ScriptNumbers } from '../../../../../lambdas/adapters/admission/lua/script-numbers.ts';

describe('ScriptNumbers', () => {
  it('are written into a script that lasts', () => {
    const numbers = new ScriptNumbers(true);
    expect([numbers.of(7), numbers.of('3600000')]).toEqual(['7.0', '"3600000"']);
    expect(numbers.argument).toEqual([]);
  });

  it('are an argument of one that does not', () => {
    const numbers = new ScriptNumbers(false);
    expect([numbers.of(7), numbers.of('3600000')]).toEqual(['p[1]', 'p[2]']);
    expect(numbers.argument).toEqual([7, '3600000']);
  });
});

describe('literal', () => {
  it('writes numbers that no Lua takes for integers, and that are read as the same doubles', () => {
    expect([1, 0.1, 1e21, -2, '1'].map(literal)).toEqual(['1.0', '0.1', '1e+21', '-2.0', '"1"']);
  });
});
