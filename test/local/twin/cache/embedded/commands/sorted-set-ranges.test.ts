import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of sorted set ranges', () => {
  it('orders by score, then by member', () => {
    const run = freshCommandLine();
    expect(run('ZADD z 1 b 1 a 0.5 c')).toEqual(3);
    expect(run('ZRANGE z 0 -1')).toEqual(['"c"', '"a"', '"b"']);
    expect(run('ZRANGE z 0 0 WITHSCORES')).toEqual(['"c"', '"0.5"']);
    expect(run('ZRANGE z 0 1 REV')).toEqual(['"b"', '"a"']);
    expect(run('ZREVRANGE z 2 2')).toEqual(['"c"']);
  });

  it('finds members by score, bounds included unless a parenthesis says otherwise', () => {
    const run = freshCommandLine();
    expect(run('ZADD z 1 a 2 b 3 c')).toEqual(3);
    expect(run('ZRANGEBYSCORE z 1 3')).toEqual(['"a"', '"b"', '"c"']);
    expect(run('ZRANGEBYSCORE z (1 (3')).toEqual(['"b"']);
    expect(run('ZRANGEBYSCORE z -inf +inf LIMIT 1 1')).toEqual(['"b"']);
    expect(run('ZRANGEBYSCORE z -inf +inf LIMIT 1 -1')).toEqual(['"b"', '"c"']);
    expect(run('ZREVRANGEBYSCORE z 3 (1 WITHSCORES')).toEqual(['"c"', '"3"', '"b"', '"2"']);
    expect(run('ZRANGE z 3 2 BYSCORE REV')).toEqual(['"c"', '"b"']);
    expect(run('ZRANGE z 2 3 BYSCORE LIMIT 1 5')).toEqual(['"c"']);
  });

  it('counts and removes by score and by position', () => {
    const run = freshCommandLine();
    expect(run('ZADD z 1 a 2 b 3 c 4 d')).toEqual(4);
    expect(run('ZCOUNT z (1 3')).toEqual(2);
    expect(run('ZCOUNT z 5 1')).toEqual(0);
    expect(run('ZREMRANGEBYSCORE z -inf (2')).toEqual(1);
    expect(run('ZREMRANGEBYRANK z -1 -1')).toEqual(1);
    expect(run('ZRANGE z 0 -1')).toEqual(['"b"', '"c"']);
    expect(run('ZREMRANGEBYSCORE z 2 3')).toEqual(2);
    expect(run('EXISTS z')).toEqual(0);
    expect(run('ZCOUNT none 0 1')).toEqual(0);
  });

  it('fails on bad bounds and options', () => {
    const run = freshCommandLine();
    expect(run('ZRANGEBYSCORE z a b')).toEqual('-ERR min or max is not a float');
    expect(run('ZRANGE z 0 x')).toEqual('-ERR value is not an integer or out of range');
    expect(run('ZRANGE z 0 1 FOO')).toEqual('-ERR syntax error');
    expect(run('ZRANGE z 0 1 LIMIT 0 1')).toEqual(
      '-ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
    expect(run('ZRANGEBYSCORE z 0 1 REV')).toEqual('-ERR syntax error');
  });
});
