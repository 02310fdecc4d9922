import type { LuaModule } from './lua-module.ts';

/** As deep as lua-cjson reads by default. */
const DEPTH_MAX = 1_000;
const STACK_SLOTS = 8;
const ESCAPE = /\\(?:u([dD][89abAB][\dA-Fa-f]{2})\\u([dD][c-fC-F][\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|.)/g;

/**
 * Reads JSON, and pushes it as a Lua value; false if it is none, and then nothing is pushed. Text is bytes, one per
 * character, as everywhere in the embedded cache; so an escaped character becomes the bytes of its UTF-8.
 */
export function pushJson(lua: LuaModule, text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text.includes('\\u') ? text.replace(ESCAPE, unescapeBytes) : text);
  } catch {
    return false;
  }
  if (depthOf(value, 0) > DEPTH_MAX) return false;
  pushValue(lua, value);
  return true;
}

function unescapeBytes(written: string, high?: string, low?: string, unit?: string): string {
  const code = unit === undefined ? undefined : Number.parseInt(unit, 16);
  if (high === undefined && (code === undefined || code < 0x80)) return written;
  const units = code === undefined ? [high, low].map((hex) => Number.parseInt(hex ?? '', 16)) : [code];
  return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1');
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return depth;
  return Object.values(value).reduce<number>((deepest, item) => Math.max(deepest, depthOf(item, depth + 1)), depth + 1);
}

function pushValue(lua: LuaModule, value: unknown): void {
  const { api, L } = lua;
  if (typeof value === 'number') api._lua_pushnumber(L, value);
  else if (typeof value === 'string') lua.pushText(value);
  else if (typeof value === 'boolean') api._lua_pushboolean(L, value ? 1 : 0);
  else if (value === null) api._lua_pushlightuserdata(L, 0);
  else if (Array.isArray(value)) pushArray(lua, value);
  else pushObject(lua, Object.entries(value as object));
}

function pushArray(lua: LuaModule, items: readonly unknown[]): void {
  const { api, L } = lua;
  api._lua_checkstack(L, STACK_SLOTS);
  api._lua_createtable(L, items.length, 0);
  items.forEach((item, index) => {
    pushValue(lua, item);
    api._lua_rawseti(L, -2, BigInt(index + 1));
  });
}

function pushObject(lua: LuaModule, entries: readonly (readonly [string, unknown])[]): void {
  const { api, L } = lua;
  api._lua_checkstack(L, STACK_SLOTS);
  api._lua_createtable(L, 0, entries.length);
  for (const [name, item] of entries) {
    lua.pushText(name);
    pushValue(lua, item);
    api._lua_rawset(L, -3);
  }
}
