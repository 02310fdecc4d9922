import { LuaWasm } from 'wasmoon';

/**
 * Lua's C API as the WebAssembly module exports it, as far as it is used here. wasmoon's own wrappers take and return
 * JavaScript strings as UTF-8 and cost several times as much; called directly, the functions take addresses.
 * Reference: Lua 5.4 manual, §4.6 and §5.1. `lua_Integer` is a bigint.
 */
export interface LuaApi {
  readonly HEAPU8: Uint8Array;
  addFunction(run: (...args: number[]) => number | undefined, signature: string): number;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _luaL_newstate(): number;
  _luaL_openlibs(L: number): void;
  _luaL_ref(L: number, table: number): number;
  _luaL_unref(L: number, table: number, ref: number): void;
  _luaL_loadbufferx(L: number, text: number, bytes: number, name: number, mode: number): number;
  _lua_checkstack(L: number, slots: number): number;
  _lua_createtable(L: number, array: number, record: number): void;
  _lua_error(L: number): number;
  _lua_getfield(L: number, index: number, name: number): number;
  _lua_gettop(L: number): number;
  _lua_pcallk(L: number, args: number, results: number, handler: number, context: number, k: number): number;
  _lua_pushboolean(L: number, value: number): void;
  _lua_pushcclosure(L: number, run: number, upvalues: number): void;
  _lua_pushinteger(L: number, value: bigint): void;
  _lua_pushlightuserdata(L: number, address: number): void;
  _lua_pushlstring(L: number, text: number, bytes: number): number;
  _lua_pushnumber(L: number, value: number): void;
  _lua_pushvalue(L: number, index: number): void;
  _lua_rawget(L: number, index: number): number;
  _lua_rawgeti(L: number, index: number, n: bigint): number;
  _lua_rawset(L: number, index: number): void;
  _lua_rawseti(L: number, index: number, n: bigint): void;
  _lua_sethook(L: number, run: number, mask: number, count: number): void;
  _lua_setglobal(L: number, name: number): void;
  _lua_settop(L: number, index: number): void;
  _lua_setupvalue(L: number, index: number, n: number): number;
  _lua_toboolean(L: number, index: number): number;
  _lua_tolstring(L: number, index: number, bytes: number): number;
  _lua_tonumberx(L: number, index: number, isNumber: number): number;
  _lua_type(L: number, index: number): number;
}

export const REGISTRY = -1_001_000;
export const MASK_COUNT = 8;
export const LuaTypes = { NIL: 0, BOOLEAN: 1, NUMBER: 3, STRING: 4, TABLE: 5 } as const;

const SCRATCH_BYTES = 64 * 1024;
const SIZE_BYTES = 4;

/** One Lua state and the way of text (binary strings) in and out of its memory. */
export class LuaModule {
  readonly api: LuaApi;
  /** The `lua_State` to work on: the main one, or the coroutine that has called the host. */
  L: number;
  /** Where Lua writes the length of a string that is read. */
  readonly #size: number;
  readonly #scratch: number;
  #memory: Buffer;

  private constructor(api: LuaApi) {
    this.api = api;
    this.L = api._luaL_newstate();
    this.#size = api._malloc(SIZE_BYTES);
    this.#scratch = api._malloc(SCRATCH_BYTES);
    this.#memory = Buffer.from(api.HEAPU8.buffer);
    api._luaL_openlibs(this.L);
  }

  static async open(): Promise<LuaModule> {
    const { module } = await LuaWasm.initialize();
    return new LuaModule(module as unknown as LuaApi);
  }

  /** Runs a host function that Lua has called from the given state. */
  within<T>(state: number, run: () => T): T {
    const outer = this.L;
    this.L = state;
    try {
      return run();
    } finally {
      this.L = outer;
    }
  }

  /** Runs `use` with the text in Lua's memory; the address is valid until `use` returns. */
  withText<T>(text: string, use: (address: number, bytes: number) => T): T {
    const isBig = text.length > SCRATCH_BYTES;
    const address = isBig ? this.api._malloc(text.length) : this.#scratch;
    this.#view().write(text, address, 'latin1');
    try {
      return use(address, text.length);
    } finally {
      if (isBig) this.api._free(address);
    }
  }

  /** A zero-terminated text that stays in memory, for names that are used again and again. */
  keepText(text: string): number {
    const address = this.api._malloc(text.length + 1);
    this.#view().write(`${text}\0`, address, 'latin1');
    return address;
  }

  pushText(text: string): void {
    this.withText(text, (address, bytes) => this.api._lua_pushlstring(this.L, address, bytes));
  }

  /** The string at an index of the stack. Must not be used on numbers, which Lua would convert in place. */
  readText(index: number): string {
    const address = this.api._lua_tolstring(this.L, index, this.#size);
    const memory = this.#view();
    return memory.toString('latin1', address, address + memory.readUInt32LE(this.#size));
  }

  /** A fresh view after Lua's memory has grown, which detaches the old one. */
  #view(): Buffer {
    const { buffer } = this.api.HEAPU8;
    if (this.#memory.buffer !== buffer) this.#memory = Buffer.from(buffer);
    return this.#memory;
  }
}
