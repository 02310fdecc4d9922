import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of sets', () => {
  it('holds each member once', () => {
    const run = freshCommandLine();
    expect(run('SADD s a b a')).toEqual(2);
    expect(run('SADD s b c')).toEqual(1);
    expect(run('SCARD s')).toEqual(3);
    expect(run('SMEMBERS s')).toEqual(['"a"', '"b"', '"c"']);
    expect(run('SISMEMBER s a')).toEqual(1);
    expect(run('SISMEMBER s x')).toEqual(0);
  });

  it('is gone with its last member', () => {
    const run = freshCommandLine();
    expect(run('SADD s a b')).toEqual(2);
    expect(run('SREM s a x')).toEqual(1);
    expect(run('SREM s b')).toEqual(1);
    expect(run('EXISTS s')).toEqual(0);
    expect(run('SREM s b')).toEqual(0);
    expect(run('SMEMBERS s')).toEqual([]);
    expect(run('SCARD s')).toEqual(0);
  });
});
