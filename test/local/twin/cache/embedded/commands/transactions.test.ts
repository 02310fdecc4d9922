import { beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, type Shown } from '../command-line.ts';

describe('commands of transactions', () => {
  let cache: CommandLine;
  let run: (line: string) => Shown;
  beforeEach(() => {
    cache = new CommandLine();
    run = cache.connect().run;
  });

  it('queues commands and runs them together, an error of one not stopping the others', () => {
    expect(run('MULTI')).toBe('+OK');
    expect(run('SET a 1')).toBe('+QUEUED');
    expect(run('HGET a x')).toBe('+QUEUED');
    expect(run('INCR a')).toBe('+QUEUED');
    expect(cache.connect().run('EXISTS a')).toBe(0);
    expect(run('EXEC')).toEqual(['+OK', '-WRONGTYPE Operation against a key holding the wrong kind of value', 2n]);
  });

  it('forgets the queue on DISCARD', () => {
    run('MULTI');
    run('SET a 1');
    expect(run('DISCARD')).toBe('+OK');
    expect(run('EXISTS a')).toBe(0);
  });

  it('does nothing if a watched key was changed by another client', () => {
    run('WATCH a');
    cache.connect().run('SET a 2');
    run('MULTI');
    run('SET a 1');
    expect(run('EXEC')).toBe('nil array');
    expect(run('GET a')).toBe('"2"');
  });

  it('does nothing if a watched key has expired meanwhile', () => {
    run('SET a 1 PX 10');
    run('WATCH a');
    cache.nowMs += 11;
    run('MULTI');
    run('SET b 1');
    expect(run('EXEC')).toBe('nil array');
  });

  it('runs if the watched keys stayed as they were, or are watched no more', () => {
    run('WATCH a');
    cache.connect().run('SET b 1');
    run('MULTI');
    expect(run('EXEC')).toEqual([]);
    run('WATCH a');
    cache.connect().run('SET a 1');
    run('UNWATCH');
    run('MULTI');
    expect(run('EXEC')).toEqual([]);
  });

  it('fails as a whole if a command was refused while queueing', () => {
    run('MULTI');
    run('SET a 1');
    expect(run('GET')).toBe("-ERR wrong number of arguments for 'get' command");
    expect(run('CONFIG NOPE')).toBe("-ERR unknown subcommand 'NOPE'. Try CONFIG HELP.");
    expect(run('EXEC')).toBe('-EXECABORT Transaction discarded because of previous errors.');
    expect(run('EXISTS a')).toBe(0);
  });

  it('fails on commands in the wrong place', () => {
    expect(run('EXEC')).toBe('-ERR EXEC without MULTI');
    expect(run('DISCARD')).toBe('-ERR DISCARD without MULTI');
    run('MULTI');
    expect(run('MULTI')).toBe('-ERR MULTI calls can not be nested');
    expect(run('WATCH a')).toBe('-ERR WATCH inside MULTI is not allowed');
  });
});
