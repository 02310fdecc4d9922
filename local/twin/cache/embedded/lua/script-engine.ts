import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Scripts } from '../command.ts';
import { CommandError, type Reply } from '../reply.ts';
import { pushJson } from './decode-json.ts';
import { LuaModule, LuaTypes, MASK_COUNT, REGISTRY } from './lua-module.ts';
import { LuaValues } from './lua-values.ts';

/** Chunks of Lua beside this file. */
const [PRELUDE, STRUCT, CJSON] = ['prelude', 'struct', 'cjson'] as const;
/** An endless script would stop the whole twin. Redis would start answering BUSY after as long. */
const SCRIPT_MAX_MS = 5_000;
/** Instructions between two looks at the time. */
const HOOK_EVERY = 1_000_000;
const LUA_OK = 0;

type Call = (request: string[]) => Reply;

/** Lua scripts on one Lua 5.4 state, each compiled once. Scripts run one after the other, to their end. */
export class ScriptEngine implements Scripts {
  readonly #lua: LuaModule;
  readonly #values: LuaValues;
  /** SHA-1 → reference of the compiled function. */
  readonly #scripts = new Map<string, number>();
  /** References of the environment that scripts see and of the error handler. */
  readonly #environment: number;
  readonly #onError: number;
  readonly #names: { readonly keys: number; readonly argv: number; readonly chunk: number; readonly text: number };
  readonly #maxMs: number;
  #deadline = 0;
  #call: Call | undefined;

  private constructor(lua: LuaModule, maxMs: number) {
    this.#lua = lua;
    this.#values = new LuaValues(lua);
    this.#maxMs = maxMs;
    this.#names = {
      keys: lua.keepText('KEYS'),
      argv: lua.keepText('ARGV'),
      chunk: lua.keepText('@user_script'),
      text: lua.keepText('t'),
    };
    [this.#environment, this.#onError] = this.#runPrelude();
  }

  /** Starts Lua, which takes some 20 ms. `maxMs` bounds the time that one script may run. */
  static async start(maxMs = SCRIPT_MAX_MS): Promise<ScriptEngine> {
    return new ScriptEngine(await LuaModule.open(), maxMs);
  }

  load(source: string): string {
    const sha = sha1Hex(source);
    if (!this.#scripts.has(sha)) this.#scripts.set(sha, this.#compile(withoutShebang(source)));
    return sha;
  }

  has(sha: string): boolean {
    return this.#scripts.has(sha);
  }

  forgetAll(): void {
    const { api, L } = this.#lua;
    for (const reference of this.#scripts.values()) api._luaL_unref(L, REGISTRY, reference);
    this.#scripts.clear();
  }

  run(sha: string, keys: readonly string[], args: readonly string[], call: Call): Reply {
    const script = this.#scripts.get(sha);
    if (script === undefined) throw new CommandError('NOSCRIPT No matching script. Please use EVAL.');
    const { api, L } = this.#lua;
    this.#call = call;
    this.#deadline = performance.now() + this.#maxMs;
    try {
      this.#values.pushTexts(keys);
      api._lua_setglobal(L, this.#names.keys);
      this.#values.pushTexts(args);
      api._lua_setglobal(L, this.#names.argv);
      api._lua_rawgeti(L, REGISTRY, BigInt(this.#onError));
      api._lua_rawgeti(L, REGISTRY, BigInt(script));
      if (api._lua_pcallk(L, 0, 1, 1, 0, 0) === LUA_OK) return this.#values.readReply();
      throw this.#readError(sha);
    } finally {
      api._lua_settop(L, 0);
      this.#call = undefined;
    }
  }

  /** Compiles a script into the registry, with the closed environment in place of the globals. */
  #compile(source: string): number {
    const { api, L } = this.#lua;
    try {
      if (this.#loadText(source, this.#names.chunk) !== LUA_OK) {
        throw new CommandError(`ERR Error compiling script (new function): ${this.#lua.readText(-1)}`);
      }
      api._lua_rawgeti(L, REGISTRY, BigInt(this.#environment));
      api._lua_setupvalue(L, -2, 1);
      return api._luaL_ref(L, REGISTRY);
    } finally {
      api._lua_settop(L, 0);
    }
  }

  #loadText(source: string, name: number): number {
    const { api, L } = this.#lua;
    return this.#lua.withText(source, (text, bytes) => api._luaL_loadbufferx(L, text, bytes, name, this.#names.text));
  }

  #runPrelude(): [environment: number, onError: number] {
    const { api, L } = this.#lua;
    this.#pushChunk(PRELUDE);
    this.#pushFunction(() => this.#onCall());
    this.#pushFunction(() => this.#onPcall());
    this.#pushFunction(() => this.#onSha1Hex());
    this.#pushChunk(STRUCT);
    this.#runChunk(STRUCT, 0, 1);
    this.#pushChunk(CJSON);
    this.#pushFunction(() => this.#onDecodeJson());
    api._lua_pushlightuserdata(L, 0);
    this.#runChunk(CJSON, 2, 1);
    this.#runChunk(PRELUDE, 5, 2);
    const onError = api._luaL_ref(L, REGISTRY);
    const environment = api._luaL_ref(L, REGISTRY);
    const hook = api.addFunction((state = 0) => this.#onHook(state), 'vii');
    api._lua_sethook(L, hook, MASK_COUNT, HOOK_EVERY);
    return [environment, onError];
  }

  #pushChunk(name: string): void {
    const text = readFileSync(new URL(`${name}.lua`, import.meta.url), 'latin1');
    if (this.#loadText(text, this.#lua.keepText(`=${name}`)) !== LUA_OK) {
      throw new Error(`${name}.lua does not compile: ${this.#lua.readText(-1)}`);
    }
  }

  #runChunk(name: string, args: number, results: number): void {
    if (this.#lua.api._lua_pcallk(this.#lua.L, args, results, 0, 0, 0) !== LUA_OK) {
      throw new Error(`${name}.lua does not run: ${this.#lua.readText(-1)}`);
    }
  }

  #pushFunction(run: () => number): void {
    const { api, L } = this.#lua;
    const onCalled = (state = 0) => this.#lua.within(state, run);
    api._lua_pushcclosure(L, api.addFunction(onCalled, 'ii'), 0);
  }

  /** `redis.call`: an error reply is raised. Lua's jump out of here is a JavaScript exception, so nothing follows it. */
  #onCall(): number {
    const reply = this.#replyTo(this.#values.readWords());
    this.#values.push(reply);
    return reply instanceof CommandError ? this.#lua.api._lua_error(this.#lua.L) : 1;
  }

  /** `redis.pcall`: an error reply is a value. */
  #onPcall(): number {
    this.#values.push(this.#replyTo(this.#values.readWords()));
    return 1;
  }

  #replyTo(words: string[] | undefined): Reply {
    if (words === undefined) {
      return new CommandError('ERR Lua redis lib command arguments must be strings or integers');
    }
    if (words.length === 0) return new CommandError('ERR Please specify at least one argument for this redis lib call');
    return this.#call?.(words) ?? null;
  }

  #onSha1Hex(): number {
    this.#lua.pushText(sha1Hex(this.#lua.readText(1)));
    return 1;
  }

  #onDecodeJson(): number {
    if (pushJson(this.#lua, this.#lua.readText(1))) return 1;
    this.#lua.pushText('cjson.decode: the text is not valid JSON');
    return this.#lua.api._lua_error(this.#lua.L);
  }

  #onHook(state: number): undefined {
    if (performance.now() < this.#deadline) return;
    const message = `script ran longer than ${this.#maxMs} ms, which the embedded cache does not allow`;
    this.#lua.within(state, () => this.#lua.pushText(message));
    this.#lua.api._lua_error(state);
  }

  #readError(sha: string): CommandError {
    const { api, L } = this.#lua;
    if (api._lua_type(L, -1) !== LuaTypes.TABLE) return new CommandError('ERR error in the error handler of a script');
    const message = this.#values.textField('err') ?? 'ERR unknown error';
    const place = this.#values.textField('place');
    return new CommandError(place === undefined ? message : `${message} script: ${sha}, on ${place}.`);
  }
}

function sha1Hex(text: string): string {
  return createHash('sha1').update(text, 'latin1').digest('hex');
}

/** A first line such as `#!lua flags=no-writes` is for the server; it is blanked so that line numbers stay. */
function withoutShebang(source: string): string {
  if (!source.startsWith('#!')) return source;
  const [line = ''] = source.split('\n', 1);
  if (!/^#!lua(?:\s|$)/.test(line)) throw new CommandError(`ERR Unexpected engine in script shebang: ${line}`);
  return source.slice(line.length);
}
