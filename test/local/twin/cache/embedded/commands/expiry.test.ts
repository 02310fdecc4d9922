import { beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, type Shown } from '../command-line.ts';

describe('commands of expiry', () => {
  let cache: CommandLine;
  let run: (line: string) => Shown;
  beforeEach(() => {
    cache = new CommandLine();
    run = cache.connect().run;
  });

  it('keeps a key up to its time and drops it one millisecond later', () => {
    run('SET a 1 PX 100');
    cache.nowMs += 100;
    expect(run('GET a')).toBe('"1"');
    expect(run('PTTL a')).toBe(0);
    cache.nowMs += 1;
    expect(run('GET a')).toBeNull();
    expect(run('PTTL a')).toBe(-2);
  });

  it('rounds TTL to the nearest second', () => {
    run('SET a 1 PX 1499');
    expect(run('TTL a')).toBe(1);
    expect(run('PEXPIRE a 1500')).toBe(1);
    expect(run('TTL a')).toBe(2);
  });

  it('takes times since the epoch', () => {
    run('SET a 1');
    expect(run(`EXPIREAT a ${cache.nowMs / 1_000 + 60}`)).toBe(1);
    expect(run('TTL a')).toBe(60);
    expect(run(`PEXPIREAT a ${cache.nowMs + 5}`)).toBe(1);
    expect(run('PTTL a')).toBe(5);
  });

  it('deletes a key whose time is now or past', () => {
    for (const amount of ['0', '-1']) {
      run('SET a 1');
      expect(run(`EXPIRE a ${amount}`)).toBe(1);
      expect(run('EXISTS a')).toBe(0);
    }
  });

  it('does nothing to a key that does not exist', () => {
    expect(run('EXPIRE none 10')).toBe(0);
    expect(run('PERSIST none')).toBe(0);
    expect(run('TTL none')).toBe(-2);
  });

  it('sets a time only where the condition holds, for ever being later than any time', () => {
    run('SET a 1');
    expect(run('EXPIRE a 100 XX')).toBe(0);
    expect(run('EXPIRE a 100 GT')).toBe(0);
    expect(run('EXPIRE a 100 LT')).toBe(1);
    expect(run('EXPIRE a 100 NX')).toBe(0);
    expect(run('EXPIRE a 100 GT')).toBe(0);
    expect(run('EXPIRE a 101 GT')).toBe(1);
    expect(run('EXPIRE a 102 XX LT')).toBe(0);
    expect(run('PERSIST a')).toBe(1);
    expect(run('PERSIST a')).toBe(0);
    expect(run('TTL a')).toBe(-1);
  });

  it('fails on conditions that contradict each other and on times beyond 64 bits', () => {
    expect(run('EXPIRE a 1 NX GT')).toBe('-ERR NX and XX, GT or LT options at the same time are not compatible');
    expect(run('EXPIRE a 1 GT LT')).toBe('-ERR GT and LT options at the same time are not compatible');
    expect(run('EXPIRE a 1 foo')).toBe('-ERR Unsupported option foo');
    expect(run('EXPIRE a 9223372036854775807')).toBe("-ERR invalid expire time in 'expire' command");
    expect(run('EXPIRE a 1.5')).toBe('-ERR value is not an integer or out of range');
  });
});
