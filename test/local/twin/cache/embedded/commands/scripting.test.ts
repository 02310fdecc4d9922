import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScriptEngine } from '../../../../../../local/twin/cache/embedded/lua/script-engine.ts';
import { CommandLine, type Shown } from '../command-line.ts';

describe('commands of scripting', () => {
  let scripts: ScriptEngine;
  let cache: CommandLine;
  let run: (line: string | readonly string[]) => Shown;
  beforeAll(async () => {
    scripts = await ScriptEngine.start();
  });
  beforeEach(() => {
    cache = new CommandLine(scripts);
    run = cache.connect().run;
  });

  it('runs a script by its text and by its hash', () => {
    const source = "return redis.call('SET', KEYS[1], ARGV[1])";
    expect(run(['EVAL', source, '1', 'a', '1'])).toBe('+OK');
    const sha = run(['SCRIPT', 'LOAD', source]);
    expect(sha).toBe('"d8f2fad9f8e86a53d2a6ebd960b33c4972cacc37"');
    expect(run(`EVALSHA ${String(sha).slice(1, -1).toUpperCase()} 1 a 2`)).toBe('+OK');
    expect(run('GET a')).toBe('"2"');
  });

  it('knows which scripts it has', () => {
    const sha = String(run(['SCRIPT', 'LOAD', 'return 1'])).slice(1, -1);
    expect(run(`SCRIPT EXISTS ${sha} nope`)).toEqual([1, 0]);
    expect(run('SCRIPT FLUSH')).toBe('+OK');
    expect(run(`EVALSHA ${sha} 0`)).toBe('-NOSCRIPT No matching script. Please use EVAL.');
  });

  it('lets time stand still while a script runs', () => {
    const source =
      "local a = redis.call('TIME') redis.call('SET', 'x', 1, 'PX', 5) return {a[1], redis.call('TIME')[1]}";
    let reads = 0;
    const moving = new CommandLine(scripts);
    Object.defineProperty(moving, 'nowMs', { get: () => 5_000 * ++reads });
    expect(moving.connect().run(['EVAL', source, '0'])).toEqual(['"5"', '"5"']);
  });

  it('keeps what a script has written before its error', () => {
    expect(run(['EVAL', "redis.call('SET', 'a', 1) error('x')", '0'])).toContain('-ERR user_script:1: x script: ');
    expect(run('GET a')).toBe('"1"');
  });

  it('reads but does not write for EVAL_RO', () => {
    run('SET a 1');
    expect(run(['EVAL_RO', "return redis.call('GET', 'a')", '0'])).toBe('"1"');
    expect(run(['EVAL_RO', "return redis.pcall('SET', 'a', 2).err", '0'])).toBe(
      '"ERR Write commands are not allowed from read-only scripts."',
    );
  });

  it('ends the choice of a database with the script', () => {
    run(['EVAL', "redis.call('SELECT', 3) redis.call('SET', 'a', 1)", '0']);
    expect(run('GET a')).toBeNull();
    run('SELECT 3');
    expect(run('GET a')).toBe('"1"');
  });

  it('runs inside a transaction', () => {
    run('MULTI');
    run(['EVAL', "return redis.call('INCR', 'a')", '0']);
    expect(run('EXEC')).toEqual([1]);
  });

  it.each([
    ['nope', 'ERR Unknown Redis command called from script'],
    ['GET', 'ERR Wrong number of args calling Redis command from script'],
    ['MULTI', 'ERR This Redis command is not allowed from script'],
    ['EVAL', 'ERR Wrong number of args calling Redis command from script'],
  ])('fails on redis.call of %s', (name, message) => {
    expect(run(['EVAL', `return redis.pcall('${name}').err`, '0'])).toBe(`"${message}"`);
  });

  it('fails on bad counts of keys', () => {
    expect(run(['EVAL', 'return 1', '1'])).toBe("-ERR Number of keys can't be greater than number of args");
    expect(run(['EVAL', 'return 1', '-1'])).toBe("-ERR Number of keys can't be negative");
    expect(run(['EVAL', 'return 1', 'x'])).toBe('-ERR value is not an integer or out of range');
  });

  it('fails on scripts for another engine', () => {
    expect(run(['EVAL', '#!lua flags=no-writes\nreturn 1', '0'])).toBe(1);
    expect(run(['EVAL', '#!js\nreturn 1', '0'])).toBe('-ERR Unexpected engine in script shebang: #!js');
  });
});
