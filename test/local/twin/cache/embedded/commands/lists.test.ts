import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of lists', () => {
  it('takes values at both ends', () => {
    const run = freshCommandLine();
    expect(run('RPUSH l a b')).toEqual(2);
    expect(run('LPUSH l c d')).toEqual(4);
    expect(run('LRANGE l 0 -1')).toEqual(['"d"', '"c"', '"a"', '"b"']);
    expect(run('LPOP l')).toEqual('"d"');
    expect(run('RPOP l')).toEqual('"b"');
    expect(run('LLEN l')).toEqual(2);
  });

  it('takes several values in the order of taking', () => {
    const run = freshCommandLine();
    expect(run('RPUSH l a b c d')).toEqual(4);
    expect(run('LPOP l 2')).toEqual(['"a"', '"b"']);
    expect(run('RPOP l 9')).toEqual(['"d"', '"c"']);
    expect(run('EXISTS l')).toEqual(0);
    expect(run('LPOP l')).toEqual(null);
    expect(run('LPOP l 1')).toEqual('nil array');
  });

  it('reads ranges from either end', () => {
    const run = freshCommandLine();
    expect(run('RPUSH l a b c')).toEqual(3);
    expect(run('LRANGE l -2 -1')).toEqual(['"b"', '"c"']);
    expect(run('LRANGE l 2 1')).toEqual([]);
    expect(run('LRANGE l 0 99')).toEqual(['"a"', '"b"', '"c"']);
    expect(run('LRANGE none 0 1')).toEqual([]);
  });

  it('fails on bad counts and positions', () => {
    const run = freshCommandLine();
    expect(run('LPOP l -1')).toEqual('-ERR value is out of range, must be positive');
    expect(run('LPOP l x')).toEqual('-ERR value is out of range, must be positive');
    expect(run('LPOP l 1 2')).toEqual("-ERR wrong number of arguments for 'lpop' command");
    expect(run('LRANGE l 0 x')).toEqual('-ERR value is not an integer or out of range');
  });
});
