import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of counters', () => {
  it('counts from zero', () => {
    const run = freshCommandLine();
    expect(run('INCR a')).toEqual(1n);
    expect(run('INCRBY a 41')).toEqual(42n);
    expect(run('DECR a')).toEqual(41n);
    expect(run('DECRBY a 50')).toEqual(-9n);
    expect(run('GET a')).toEqual('"-9"');
  });

  it('counts to the end of 64 bits and fails one beyond it', () => {
    const run = freshCommandLine();
    expect(run('SET a 9223372036854775806')).toEqual('+OK');
    expect(run('INCR a')).toEqual(9223372036854775807n);
    expect(run('INCR a')).toEqual('-ERR increment or decrement would overflow');
    expect(run('DECRBY a -9223372036854775808')).toEqual('-ERR decrement would overflow');
    expect(run('GET a')).toEqual('"9223372036854775807"');
  });

  it('adds decimals without the noise of binary fractions', () => {
    const run = freshCommandLine();
    expect(run('SET a 0.1')).toEqual('+OK');
    expect(run('INCRBYFLOAT a 0.2')).toEqual('"0.3"');
    expect(run('INCRBYFLOAT a 1e3')).toEqual('"1000.3"');
    expect(run('INCRBYFLOAT a -1000.3')).toEqual('"0"');
  });

  it('keeps the time of expiry', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 EX 100')).toEqual('+OK');
    expect(run('INCR a')).toEqual(2n);
    expect(run('INCRBYFLOAT a 1.5')).toEqual('"3.5"');
    expect(run('TTL a')).toEqual(100);
  });

  it('fails on what is no number', () => {
    const run = freshCommandLine();
    expect(run('SET a text')).toEqual('+OK');
    expect(run('INCR a')).toEqual('-ERR value is not an integer or out of range');
    expect(run('INCRBY b 1.5')).toEqual('-ERR value is not an integer or out of range');
    expect(run('INCRBYFLOAT a 1')).toEqual('-ERR value is not a valid float');
    expect(run('INCRBYFLOAT b nan')).toEqual('-ERR value is not a valid float');
    expect(run('INCRBYFLOAT b inf')).toEqual('-ERR increment would produce NaN or Infinity');
  });
});
