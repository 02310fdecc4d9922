import { formatLuaNumber } from '../format-number.ts';
import { CommandError, NIL_ARRAY, type Reply, Status } from '../reply.ts';
import { type LuaModule, LuaTypes } from './lua-module.ts';

/** Redis stops at the Lua stack's limit; a table that contains itself must end somewhere. */
const DEPTH_MAX = 200;
const STACK_SLOTS = 8;
const INT64_MIN = -(2n ** 63n);

/**
 * Replies and Lua values, converted as https://valkey.io/topics/lua-api/ ("Data type conversion") describes for RESP2:
 * nil becomes false on the way in; on the way out a number loses its fraction, true is 1, false and nil are null, a
 * table with `ok` or `err` is a status or an error, and any other table is an array up to its first nil.
 */
export class LuaValues {
  readonly #lua: LuaModule;

  constructor(lua: LuaModule) {
    this.#lua = lua;
  }

  /** Pushes a reply of a command as the Lua value that scripts see. */
  push(reply: Reply): void {
    const { api, L } = this.#lua;
    if (typeof reply === 'string') this.#lua.pushText(reply);
    else if (typeof reply === 'number') api._lua_pushinteger(L, BigInt(reply));
    else if (typeof reply === 'bigint') this.#pushBigInteger(reply);
    else if (reply === null || reply === NIL_ARRAY) api._lua_pushboolean(L, 0);
    else if (reply instanceof Status) this.#pushRecord('ok', reply.text);
    else if (reply instanceof CommandError) this.#pushRecord('err', reply.message);
    else this.#pushArray(reply);
  }

  pushTexts(texts: readonly string[]): void {
    const { api, L } = this.#lua;
    api._lua_createtable(L, texts.length, 0);
    texts.forEach((text, index) => {
      this.#lua.pushText(text);
      api._lua_rawseti(L, -2, BigInt(index + 1));
    });
  }

  /** The value on top of the stack as the reply that the client gets; the stack is left as it was. */
  readReply(depth = 0): Reply {
    const { api, L } = this.#lua;
    switch (api._lua_type(L, -1)) {
      case LuaTypes.STRING:
        return this.#lua.readText(-1);
      case LuaTypes.NUMBER:
        return truncate(api._lua_tonumberx(L, -1, 0));
      case LuaTypes.BOOLEAN:
        return api._lua_toboolean(L, -1) === 1 ? 1 : null;
      case LuaTypes.TABLE:
        return this.#readTable(depth);
      default:
        return null;
    }
  }

  /** The arguments of a call from Lua as words of a command; undefined if one is neither string nor number. */
  readWords(): string[] | undefined {
    const { api, L } = this.#lua;
    const words: string[] = [];
    const count = api._lua_gettop(L);
    for (let index = 1; index <= count; index += 1) {
      const type = api._lua_type(L, index);
      if (type === LuaTypes.STRING) words.push(this.#lua.readText(index));
      else if (type === LuaTypes.NUMBER) words.push(formatLuaNumber(api._lua_tonumberx(L, index, 0)));
      else return undefined;
    }
    return words;
  }

  /** A field of the table on top of the stack, if it is a string. */
  textField(name: string): string | undefined {
    const { api, L } = this.#lua;
    this.#lua.pushText(name);
    api._lua_rawget(L, -2);
    const text = api._lua_type(L, -1) === LuaTypes.STRING ? this.#lua.readText(-1) : undefined;
    api._lua_settop(L, -2);
    return text;
  }

  #readTable(depth: number): Reply {
    const { api, L } = this.#lua;
    if (depth > DEPTH_MAX || api._lua_checkstack(L, STACK_SLOTS) === 0) {
      return new CommandError('ERR reached lua stack limit');
    }
    const error = this.textField('err');
    if (error !== undefined) return new CommandError(error);
    const status = this.textField('ok');
    if (status !== undefined) return new Status(status);
    const items: Reply[] = [];
    for (let index = 1n; ; index += 1n) {
      const type = api._lua_rawgeti(L, -1, index);
      if (type !== LuaTypes.NIL) items.push(this.readReply(depth + 1));
      api._lua_settop(L, -2);
      if (type === LuaTypes.NIL) return items;
    }
  }

  #pushRecord(field: 'ok' | 'err', text: string): void {
    const { api, L } = this.#lua;
    api._lua_createtable(L, 0, 1);
    this.#lua.pushText(field);
    this.#lua.pushText(text);
    api._lua_rawset(L, -3);
  }

  #pushArray(items: readonly Reply[]): void {
    const { api, L } = this.#lua;
    api._lua_checkstack(L, STACK_SLOTS);
    api._lua_createtable(L, items.length, 0);
    items.forEach((item, index) => {
      this.push(item);
      api._lua_rawseti(L, -2, BigInt(index + 1));
    });
  }

  /** Beyond 2^53 Redis loses digits, since its Lua knows only doubles; so do we. */
  #pushBigInteger(value: bigint): void {
    const { api, L } = this.#lua;
    if (Number.isSafeInteger(Number(value))) api._lua_pushinteger(L, value);
    else api._lua_pushnumber(L, Number(value));
  }
}

/** C's conversion of a double to a 64-bit integer: the fraction goes; what does not fit is the lowest integer. */
function truncate(value: number): Reply {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole;
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : INT64_MIN;
}
