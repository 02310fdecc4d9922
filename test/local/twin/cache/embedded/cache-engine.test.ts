import { describe, expect, it } from 'vitest';
import { CommandLine, freshCommandLine } from './command-line.ts';

describe('CacheEngine', () => {
  it('takes command names in any case', () => {
    const run = freshCommandLine();
    expect(run('sEt a 1')).toBe('+OK');
    expect(run('GET a')).toBe('"1"');
  });

  it('fails on unknown commands, quoting at most 128 characters of what was sent', () => {
    const run = freshCommandLine();
    expect(run('NOPE a b')).toBe("-ERR unknown command 'NOPE', with args beginning with: 'a' 'b' ");
    expect(run('constructor')).toBe("-ERR unknown command 'constructor', with args beginning with: ");
    expect(run(`x ${'y'.repeat(200)} z`)).toBe(
      `-ERR unknown command 'x', with args beginning with: '${'y'.repeat(128)}' `,
    );
  });

  it('fails on one word too few and one too many', () => {
    const run = freshCommandLine();
    expect(run('GET')).toBe("-ERR wrong number of arguments for 'get' command");
    expect(run('GET a b')).toBe("-ERR wrong number of arguments for 'get' command");
    expect(run('DEL')).toBe("-ERR wrong number of arguments for 'del' command");
    expect(run('CONFIG GET')).toBe("-ERR wrong number of arguments for 'config|get' command");
  });

  it('drops expired keys when it sweeps', () => {
    const cache = new CommandLine();
    const { run } = cache.connect();
    run('SET a 1 PX 5');
    cache.nowMs += 6;
    cache.engine.sweep();
    expect(run('DBSIZE')).toBe(0);
  });

  it('forgets what a closed session watched', () => {
    const cache = new CommandLine();
    const session = cache.engine.openSession();
    cache.engine.execute(session, ['WATCH', 'a']);
    cache.engine.closeSession(session);
    cache.connect().run('SET a 1');
    expect(session.isStale).toBe(false);
  });
});
