import { printValue } from './print-value.ts';

type Method<T> = (base: T, args: readonly unknown[]) => unknown;
type Items = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' ? value : printValue(value));
const number = (value: unknown) => Number(value);
const same = (a: unknown, b: unknown) => a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
/** Java's regular expressions, as far as the two languages agree. */
const pattern = (value: unknown, flags = '') => new RegExp(text(value), flags);

/** java.lang.String, what of it templates use. */
const STRING: Readonly<Record<string, Method<string>>> = {
  charAt: (base, [index]) => base.charAt(number(index)),
  concat: (base, [other]) => base + text(other),
  contains: (base, [part]) => base.includes(text(part)),
  endsWith: (base, [part]) => base.endsWith(text(part)),
  equals: (base, [other]) => base === other,
  equalsIgnoreCase: (base, [other]) => base.toLowerCase() === text(other).toLowerCase(),
  indexOf: (base, [part]) => base.indexOf(text(part)),
  isBlank: (base) => base.trim() === '',
  isEmpty: (base) => base === '',
  lastIndexOf: (base, [part]) => base.lastIndexOf(text(part)),
  length: (base) => base.length,
  matches: (base, [regex]) => pattern(`^(?:${text(regex)})$`).test(base),
  replace: (base, [from, to]) => base.replaceAll(text(from), () => text(to)),
  replaceAll: (base, [regex, to]) => base.replace(pattern(regex, 'g'), replacement(to)),
  replaceFirst: (base, [regex, to]) => base.replace(pattern(regex), replacement(to)),
  split: (base, [regex]) => trimEnd(base.split(pattern(regex))),
  startsWith: (base, [part]) => base.startsWith(text(part)),
  substring: (base, [from, to]) => base.substring(number(from), to === undefined ? undefined : number(to)),
  toLowerCase: (base) => base.toLowerCase(),
  toString: (base: string) => base,
  toUpperCase: (base) => base.toUpperCase(),
  trim: (base) => base.trim(),
};

/** java.util.List. */
const LIST: Readonly<Record<string, Method<unknown[]>>> = {
  add: (base, [item]) => base.push(item) > 0,
  addAll: (base, [items]) => base.push(...(Array.isArray(items) ? items : [])) > 0,
  contains: (base, [item]) => base.some((other) => same(other, item)),
  get: (base, [index]) => base[number(index)],
  indexOf: (base, [item]) => base.findIndex((other) => same(other, item)),
  isEmpty: (base) => base.length === 0,
  remove: (base, [index]) => base.splice(number(index), 1)[0],
  set: (base, [index, item]) => base.splice(number(index), 1, item)[0],
  size: (base) => base.length,
  subList: (base, [from, to]) => base.slice(number(from), number(to)),
  toString: (base: object) => printValue(base),
};

/** java.util.Map. Keys may be the caller's, so only own ones count. */
const MAP: Readonly<Record<string, Method<Items>>> = {
  containsKey: (base, [key]) => Object.hasOwn(base, text(key)),
  containsValue: (base, [value]) => Object.values(base).some((other) => same(other, value)),
  entrySet: (base) => Object.entries(base).map(([key, value]) => ({ key, value })),
  get: (base, [key]) => own(base, text(key)),
  getKey: (base) => own(base, 'key'),
  getOrDefault: (base, [key, other]) => own(base, text(key)) ?? other,
  getValue: (base) => own(base, 'value'),
  isEmpty: (base) => Object.keys(base).length === 0,
  keySet: (base) => Object.keys(base),
  put: (base, [key, value]) => put(base, text(key), value),
  putAll: (base, [items]) => {
    for (const [key, value] of Object.entries(items ?? {})) put(base, key, value);
    return null;
  },
  remove: (base, [key]) => {
    const value = own(base, text(key));
    delete base[text(key)];
    return value;
  },
  size: (base) => Object.keys(base).length,
  toString: (base: object) => printValue(base),
  values: (base) => Object.values(base),
};

/** Methods of numbers and booleans. */
const SCALAR: Readonly<Record<string, Method<unknown>>> = {
  equals: (base, [other]) => base === other,
  intValue: (base) => Math.trunc(Number(base)),
  toString: (base: unknown) => String(base),
};

/**
 * Calls a method of a value in a mapping template. Objects of the gateway, such as `$util`, bring functions of their own;
 * data has the methods of Java that templates use.
 *
 * @throws Error that names the method where the value has none of that name.
 */
export function callMethod(base: unknown, name: string, args: readonly unknown[]): unknown {
  if (base === null || base === undefined) return undefined;
  if (typeof base === 'object' && Object.hasOwn(base, name)) {
    const own: unknown = (base as Items)[name];
    if (typeof own === 'function') return own(...args);
  }
  const method = methodOf(base, name);
  if (method === undefined) throw new Error(`a template of the twin has no method .${name}() for ${describe(base)}`);
  return method(args);
}

function methodOf(base: unknown, name: string): ((args: readonly unknown[]) => unknown) | undefined {
  if (typeof base === 'string') return bind(STRING, base, name);
  if (Array.isArray(base)) return bind(LIST, base, name);
  if (typeof base === 'object' && base !== null) return bind(MAP, base as Items, name);
  return bind(SCALAR, base, name);
}

function bind<T>(table: Readonly<Record<string, Method<T>>>, base: T, name: string) {
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  return method && ((args: readonly unknown[]) => method(base, args));
}

function describe(base: unknown): string {
  if (Array.isArray(base)) return 'a list';
  return typeof base === 'object' ? 'a map' : `a ${typeof base}`;
}

/** Java writes a group as `$1`, and a backslash makes the next character plain. */
function replacement(value: unknown): string {
  return text(value).replace(/\\(.)|\$(?!\d)/g, (all, plain: string | undefined) => {
    const character = plain ?? all;
    return character === '$' ? '$$' : character;
  });
}

/** Java drops empty strings at the end of a split. */
function trimEnd(parts: string[]): string[] {
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

function own(base: Items, key: string): unknown {
  return Object.hasOwn(base, key) ? base[key] : undefined;
}

function put(base: Items, key: string, value: unknown): unknown {
  const before = own(base, key);
  Object.defineProperty(base, key, { value, writable: true, enumerable: true, configurable: true });
  return before ?? null;
}
