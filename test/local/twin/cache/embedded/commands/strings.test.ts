import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of strings', () => {
  it('keeps what was set, byte for byte', () => {
    const run = freshCommandLine();
    expect(run('SET a \u0000\u00ff')).toEqual('+OK');
    expect(run('GET a')).toEqual('"\u0000\u00ff"');
    expect(run('STRLEN a')).toEqual(2);
    expect(run('GET none')).toEqual(null);
  });

  it('sets only where the condition holds', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 XX')).toEqual(null);
    expect(run('SET a 1 NX')).toEqual('+OK');
    expect(run('SET a 2 NX')).toEqual(null);
    expect(run('SET a 2 XX')).toEqual('+OK');
    expect(run('SETNX a 3')).toEqual(0);
    expect(run('SETNX b 3')).toEqual(1);
  });

  it('returns the old value where asked for', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 GET')).toEqual(null);
    expect(run('SET a 2 GET')).toEqual('"1"');
    expect(run('GETSET a 3')).toEqual('"2"');
    expect(run('GETDEL a')).toEqual('"3"');
    expect(run('GETDEL a')).toEqual(null);
  });

  it('keeps or drops the time of expiry with the value', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 EX 100')).toEqual('+OK');
    expect(run('SET a 2 KEEPTTL')).toEqual('+OK');
    expect(run('TTL a')).toEqual(100);
    expect(run('APPEND a x')).toEqual(2);
    expect(run('TTL a')).toEqual(100);
    expect(run('SET a 3')).toEqual('+OK');
    expect(run('TTL a')).toEqual(-1);
    expect(run('SETEX a 7 v')).toEqual('+OK');
    expect(run('TTL a')).toEqual(7);
    expect(run('PSETEX a 1500 v')).toEqual('+OK');
    expect(run('PTTL a')).toEqual(1500);
  });

  it('changes the time of expiry while reading', () => {
    const run = freshCommandLine();
    expect(run('SET a 1')).toEqual('+OK');
    expect(run('GETEX a PX 5000')).toEqual('"1"');
    expect(run('PTTL a')).toEqual(5000);
    expect(run('GETEX a PERSIST')).toEqual('"1"');
    expect(run('PTTL a')).toEqual(-1);
    expect(run('GETEX a')).toEqual('"1"');
    expect(run('GETEX none EX 5')).toEqual(null);
  });

  it('reads and writes several keys at once', () => {
    const run = freshCommandLine();
    expect(run('MSET a 1 b 2')).toEqual('+OK');
    expect(run('RPUSH l x')).toEqual(1);
    expect(run('MGET a none l b')).toEqual(['"1"', null, null, '"2"']);
  });

  it('fails on options that contradict each other or are unknown', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 NX XX')).toEqual('-ERR syntax error');
    expect(run('SET a 1 EX 1 PX 1')).toEqual('-ERR syntax error');
    expect(run('SET a 1 KEEPTTL EX 1')).toEqual('-ERR syntax error');
    expect(run('SET a 1 FOO')).toEqual('-ERR syntax error');
    expect(run('GETEX a EX')).toEqual('-ERR syntax error');
    expect(run('MSET a 1 b')).toEqual("-ERR wrong number of arguments for 'mset' command");
  });

  it('fails on times of expiry below one', () => {
    const run = freshCommandLine();
    expect(run('SET a 1 EX 1')).toEqual('+OK');
    expect(run('SET a 1 EX 0')).toEqual("-ERR invalid expire time in 'set' command");
    expect(run('SETEX a -1 v')).toEqual("-ERR invalid expire time in 'setex' command");
    expect(run('PSETEX a 0 v')).toEqual("-ERR invalid expire time in 'psetex' command");
    expect(run('SET a 1 EX 1.5')).toEqual('-ERR value is not an integer or out of range');
  });

  it('fails on values of another type', () => {
    const run = freshCommandLine();
    expect(run('RPUSH l x')).toEqual(1);
    expect(run('GET l')).toEqual('-WRONGTYPE Operation against a key holding the wrong kind of value');
    expect(run('SET l x GET')).toEqual('-WRONGTYPE Operation against a key holding the wrong kind of value');
    expect(run('SET l x')).toEqual('+OK');
  });
});
