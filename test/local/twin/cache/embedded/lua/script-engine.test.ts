import { beforeAll, describe, expect, it } from 'vitest';
import { ScriptEngine } from '../../../../../../local/twin/cache/embedded/lua/script-engine.ts';
import { CommandError, NIL_ARRAY, OK, type Reply, Status } from '../../../../../../local/twin/cache/embedded/reply.ts';

describe('ScriptEngine', () => {
  let engine: ScriptEngine;
  beforeAll(async () => {
    engine = await ScriptEngine.start();
  });

  const run = (source: string, call: (request: string[]) => Reply = () => null, args: string[] = []): Reply =>
    engine.run(engine.load(source), ['key'], args, call);

  it('turns Lua values into replies', () => {
    expect(run("return {1, 2.9, -2.9, 'text', true, false, 'after false'}")).toEqual([
      ...[1, 2, -2, 'text', 1, null, 'after false'],
    ]);
    expect(run('return {1, nil, 3}')).toEqual([1]);
    expect(run('return nil')).toBeNull();
    expect(run("return {ok = 'fine'}")).toEqual(new Status('fine'));
    expect(run("return {err = 'ERR bad'}")).toEqual(new CommandError('ERR bad'));
    expect(run('return 1e300')).toBe(-(2n ** 63n));
  });

  it('turns replies into Lua values', () => {
    const typeOf = (reply: Reply) => run("local r = redis.call('x') return {type(r), tostring(r)}", () => reply);
    expect(typeOf('text')).toEqual(['string', 'text']);
    expect(typeOf(7)).toEqual(['number', '7']);
    expect(typeOf(2n ** 62n)).toEqual(['number', '4.6116860184274e+18']);
    expect(typeOf(null)).toEqual(['boolean', 'false']);
    expect(typeOf(NIL_ARRAY)).toEqual(['boolean', 'false']);
    expect(run("return redis.call('x').ok", () => OK)).toBe('OK');
    expect(run("return redis.call('x')[2][1]", () => ['a', ['b']])).toBe('b');
  });

  it('hands numbers to commands as C prints them and strings byte for byte', () => {
    const requests: string[][] = [];
    const binary = '\u0000\u00ff\r\n';
    run("redis.call('x', 10/2, 0.5, 3, ARGV[1], KEYS[1])", (request) => requests.push(request), [binary]);
    expect(requests).toEqual([['x', '5', '0.5', '3', binary, 'key']]);
  });

  it('carries values that are larger than its scratch memory', () => {
    const big = 'x'.repeat(20_000_000);
    expect(run('return ARGV[1]', undefined, [big])).toBe(big);
  });

  it('raises errors of redis.call and returns those of redis.pcall', () => {
    const fail = () => new CommandError('WRONGTYPE no');
    expect(run("return redis.pcall('x').err", fail)).toBe('WRONGTYPE no');
    const source = "local a = 1\nreturn redis.call('x')";
    expect(() => run(source, fail)).toThrow(`WRONGTYPE no script: ${engine.load(source)}, on @user_script:2.`);
    expect(run("local ok, e = pcall(redis.call, 'x') return {tostring(ok), e.err}", fail)).toEqual([
      ...['false', 'WRONGTYPE no'],
    ]);
  });

  it('is usable after any kind of error', () => {
    const sources = ["error('x')", 'error({})', 'error(setmetatable({}, {__tostring = error}))', 'return nil + 1'];
    const deep = 'local function f() return 1 + f() end return f()';
    for (const source of [...sources, deep, 'local t = {} t[1] = t return t', "return ('x'):rep(1e10)"]) {
      try {
        run(source);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandError);
      }
      expect(run('return {#KEYS, 1 + 1}')).toEqual([1, 2]);
    }
  });

  it('survives many scripts with errors without growing', () => {
    for (let index = 0; index < 500; index += 1) {
      expect(() => run("redis.call('x')", () => new CommandError('ERR no'))).toThrow('ERR no');
    }
    expect(run('return 1')).toBe(1);
  });

  it('fails on a script that does not compile', () => {
    expect(() => engine.load('not a script')).toThrow('ERR Error compiling script (new function): user_script:1: ');
  });

  it('fails on a script that is not kept', () => {
    const sha = engine.load('return 4');
    expect(engine.has(sha)).toBe(true);
    engine.forgetAll();
    expect(engine.has(sha)).toBe(false);
    expect(() => engine.run(sha, [], [], () => null)).toThrow('NOSCRIPT No matching script. Please use EVAL.');
  });

  it.each([
    ['x = 1', 'Attempt to modify a readonly table'],
    ['redis.call = nil', 'Attempt to modify a readonly table'],
    ['string.format = nil', 'Attempt to modify a readonly table'],
    ["rawset(_G, 'x', 1)", 'Attempt to modify a readonly table'],
    ["load('x = 1')()", 'Attempt to modify a readonly table'],
    ['return undefined', "Script attempted to access nonexistent global variable 'undefined'"],
    ["return os.getenv('PATH')", "Script attempted to access nonexistent global variable 'os'"],
    ['return io', "Script attempted to access nonexistent global variable 'io'"],
    ["return require('x')", "Script attempted to access nonexistent global variable 'require'"],
    ['getmetatable(_G).__newindex = nil', 'attempt to index a boolean value'],
    ["getmetatable('').__index = nil", 'attempt to index a boolean value'],
  ])('fails on %s, so that no script changes what the next one sees', (source, message) => {
    expect(() => run(source)).toThrow(message);
  });

  it('bridges what Lua 5.1 has and 5.4 has not', () => {
    expect(run('return {unpack({1, 2})}')).toEqual([1, 2]);
    expect(
      run('return {table.getn({1, 2}), table.maxn({[7] = 1}), math.pow(2, 3), math.log10(100), math.mod(7, 4)}'),
    ).toEqual([2, 7, 8, 2, 3]);
    expect(run("return {tostring(10 / 2), string.format('%d %s', 3.7, 4 / 2), ('%x'):format(255.0)}")).toEqual([
      ...['5', '3 2', 'ff'],
    ]);
    expect(run("return loadstring('return 1 + 1')()")).toBe(2);
  });

  it('calls commands from coroutines', () => {
    expect(run("return coroutine.wrap(function() return redis.call('x', 'y') end)()", (request) => request)).toEqual([
      ...['x', 'y'],
    ]);
    const fail = () => new CommandError('ERR no');
    expect(run("local _, e = coroutine.resume(coroutine.create(redis.call), 'x') return e.err", fail)).toBe('ERR no');
  });

  it('stops a script that does not end', async () => {
    const impatient = await ScriptEngine.start(50);
    const endless = impatient.load('while true do end');
    const message = 'script ran longer than 50 ms, which the embedded cache does not allow';
    expect(() => impatient.run(endless, [], [], () => null)).toThrow(message);
    expect(impatient.run(impatient.load('return 1'), [], [], () => null)).toBe(1);
  });
});
