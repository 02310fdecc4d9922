import { describe, expect, it } from 'vitest';
import { CommandLine, freshCommandLine } from '../command-line.ts';

describe('commands of connection', () => {
  it('answers PING and ECHO', () => {
    const run = freshCommandLine();
    expect(run('PING')).toBe('+PONG');
    expect(run('PING hi')).toBe('"hi"');
    expect(run('ECHO hi')).toBe('"hi"');
    expect(run('PING a b')).toBe("-ERR wrong number of arguments for 'ping' command");
  });

  it('keeps databases apart', () => {
    const run = freshCommandLine();
    run('SET a 1');
    expect(run('SELECT 15')).toBe('+OK');
    expect(run('GET a')).toBeNull();
    expect(run('SELECT 16')).toBe('-ERR DB index is out of range');
    expect(run('SELECT -1')).toBe('-ERR DB index is out of range');
    expect(run('SELECT x')).toBe('-ERR value is not an integer or out of range');
  });

  it('speaks RESP2 and says so to clients that ask for more', () => {
    const run = freshCommandLine();
    expect(run('HELLO 3')).toBe('-NOPROTO unsupported protocol version');
    expect(run('HELLO 2')).toEqual([
      ...['"server"', '"redis"', '"version"', '"7.2.4"', '"proto"', 2, '"id"', 1],
      ...['"mode"', '"standalone"', '"role"', '"master"', '"modules"', []],
    ]);
    expect(run('HELLO x')).toBe('-ERR Protocol version is not an integer or out of range');
    expect(run('HELLO 2 FOO')).toBe("-ERR Syntax error in HELLO option 'FOO'");
  });

  it('lets the default user in with any password and nobody else', () => {
    const run = freshCommandLine();
    expect(run('AUTH default x')).toBe('+OK');
    expect(run('AUTH somebody x')).toBe('-WRONGPASS invalid username-password pair or user is disabled.');
    expect(run('HELLO 2 AUTH somebody x')).toBe('-WRONGPASS invalid username-password pair or user is disabled.');
    expect(run('AUTH x')).toContain('-ERR AUTH <password> called without any password configured');
  });

  it('remembers the name of a connection', () => {
    const cache = new CommandLine();
    const [first, second] = [cache.connect(), cache.connect()];
    expect(first.run('CLIENT SETNAME me')).toBe('+OK');
    expect(first.run('HELLO 2 SETNAME myself')).toHaveLength(14);
    expect(first.run('CLIENT GETNAME')).toBe('"myself"');
    expect(second.run('CLIENT GETNAME')).toBeNull();
    expect(second.run('CLIENT ID')).toBe(2);
    expect(second.run('CLIENT SETINFO LIB-NAME x')).toBe('+OK');
    expect(second.run('CLIENT NOPE')).toBe("-ERR unknown subcommand 'NOPE'. Try CLIENT HELP.");
  });
});
