import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of sorted sets', () => {
  it('adds, moves and removes members', () => {
    const run = freshCommandLine();
    expect(run('ZADD z 2 b 1 a')).toEqual(2);
    expect(run('ZADD z 3 a')).toEqual(0);
    expect(run('ZADD z CH 4 a 5 c')).toEqual(2);
    expect(run('ZSCORE z a')).toEqual('"4"');
    expect(run('ZSCORE z none')).toEqual(null);
    expect(run('ZRANK z a')).toEqual(1);
    expect(run('ZRANK z none')).toEqual(null);
    expect(run('ZREM z a none')).toEqual(1);
    expect(run('ZCARD z')).toEqual(2);
    expect(run('ZREM z b c')).toEqual(2);
    expect(run('EXISTS z')).toEqual(0);
  });

  it('adds only where the options allow it', () => {
    const run = freshCommandLine();
    expect(run('ZADD z XX 1 a')).toEqual(0);
    expect(run('EXISTS z')).toEqual(0);
    expect(run('ZADD z NX 1 a')).toEqual(1);
    expect(run('ZADD z NX CH 9 a')).toEqual(0);
    expect(run('ZADD z GT CH 0 a')).toEqual(0);
    expect(run('ZADD z GT CH 2 a')).toEqual(1);
    expect(run('ZADD z LT CH 3 a')).toEqual(0);
    expect(run('ZADD z LT CH 1.5 a')).toEqual(1);
    expect(run('ZSCORE z a')).toEqual('"1.5"');
  });

  it('adds to a score', () => {
    const run = freshCommandLine();
    expect(run('ZINCRBY z 1.5 a')).toEqual('"1.5"');
    expect(run('ZADD z INCR -2 a')).toEqual('"-0.5"');
    expect(run('ZADD z NX INCR 1 a')).toEqual(null);
    expect(run('ZINCRBY z inf a')).toEqual('"inf"');
    expect(run('ZINCRBY z -inf a')).toEqual('-ERR resulting score is not a number (NaN)');
  });

  it('fails on bad scores without adding any member', () => {
    const run = freshCommandLine();
    expect(run('ZADD z 1 a x b')).toEqual('-ERR value is not a valid float');
    expect(run('EXISTS z')).toEqual(0);
    expect(run('ZADD z nan a')).toEqual('-ERR value is not a valid float');
  });

  it('fails on options that contradict each other', () => {
    const run = freshCommandLine();
    expect(run('ZADD z NX XX 1 a')).toEqual('-ERR XX and NX options at the same time are not compatible');
    expect(run('ZADD z GT LT 1 a')).toEqual('-ERR GT, LT, and/or NX options at the same time are not compatible');
    expect(run('ZADD z INCR 1 a 2 b')).toEqual('-ERR INCR option supports a single increment-element pair');
    expect(run('ZADD z NX 1')).toEqual('-ERR syntax error');
  });
});
