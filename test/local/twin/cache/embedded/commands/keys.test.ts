import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of keys', () => {
  it('deletes and counts what was there', () => {
    const run = freshCommandLine();
    expect(run('MSET a 1 b 2 c 3')).toEqual('+OK');
    expect(run('DEL a none')).toEqual(1);
    expect(run('UNLINK b b')).toEqual(1);
    expect(run('EXISTS c c a')).toEqual(2);
    expect(run('DBSIZE')).toEqual(1);
  });

  it('names the type of a value', () => {
    const run = freshCommandLine();
    expect(run('SET s 1')).toEqual('+OK');
    expect(run('HSET h f 1')).toEqual(1);
    expect(run('RPUSH l 1')).toEqual(1);
    expect(run('SADD t 1')).toEqual(1);
    expect(run('ZADD z 1 m')).toEqual(1);
    expect(run('TYPE s')).toEqual('+string');
    expect(run('TYPE h')).toEqual('+hash');
    expect(run('TYPE l')).toEqual('+list');
    expect(run('TYPE t')).toEqual('+set');
    expect(run('TYPE z')).toEqual('+zset');
    expect(run('TYPE none')).toEqual('+none');
  });

  it('finds keys by pattern', () => {
    const run = freshCommandLine();
    expect(run('MSET a1 1 a2 2 b1 3')).toEqual('+OK');
    expect(run('KEYS a*')).toEqual(['"a1"', '"a2"']);
    expect(run('KEYS ?1')).toEqual(['"a1"', '"b1"']);
    expect(run('KEYS x')).toEqual([]);
  });

  it('scans everything in one step', () => {
    const run = freshCommandLine();
    expect(run('MSET a 1 b 2')).toEqual('+OK');
    expect(run('RPUSH ab 1')).toEqual(1);
    expect(run('SCAN 0')).toEqual(['"0"', ['"a"', '"b"', '"ab"']]);
    expect(run('SCAN 0 MATCH a* COUNT 1')).toEqual(['"0"', ['"a"', '"ab"']]);
    expect(run('SCAN 0 MATCH a* TYPE list')).toEqual(['"0"', ['"ab"']]);
    expect(run('SCAN 17')).toEqual(['"0"', []]);
  });

  it('empties one database or all', () => {
    const run = freshCommandLine();
    expect(run('SET a 1')).toEqual('+OK');
    expect(run('SELECT 1')).toEqual('+OK');
    expect(run('SET b 1')).toEqual('+OK');
    expect(run('FLUSHDB')).toEqual('+OK');
    expect(run('SELECT 0')).toEqual('+OK');
    expect(run('DBSIZE')).toEqual(1);
    expect(run('FLUSHALL ASYNC')).toEqual('+OK');
    expect(run('DBSIZE')).toEqual(0);
  });

  it('fails on bad cursors and options', () => {
    const run = freshCommandLine();
    expect(run('SCAN x')).toEqual('-ERR invalid cursor');
    expect(run('SCAN 0 COUNT 0')).toEqual('-ERR syntax error');
    expect(run('SCAN 0 MATCH')).toEqual('-ERR syntax error');
    expect(run('SCAN 0 COUNT x')).toEqual('-ERR value is not an integer or out of range');
    expect(run('FLUSHALL NOW')).toEqual('-ERR syntax error');
  });
});
