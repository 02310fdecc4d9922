import { JSONPath } from 'jsonpath-plus';

type Steps = readonly (string | number)[];

/** `$`, then `.name`, `['name']` or `[0]`: what nearly every template asks for. */
const DEFINITE = /^\$?(?:\.?[\w-]+|\.?\[(?:'[^']*'|"[^"]*"|\d+)\])*$/;
const STEP = /\.?([\w-]+)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g;
/** Paths may be made up from a request, so the number that is kept is bounded. */
const MAX_KEPT = 1_000;
const kept = new Map<string, Steps | undefined>();

/**
 * Reads a JSONPath. A path that can only name one place answers what is there, or undefined; any other answers the list
 * of everything that it finds. Filters run in a safe evaluator, without access to JavaScript.
 */
export function readJsonPath(json: unknown, path: string): unknown {
  let steps = kept.get(path);
  if (steps === undefined && !kept.has(path)) {
    steps = stepsOf(path);
    if (kept.size < MAX_KEPT) kept.set(path, steps);
  }
  if (steps === undefined) return search(json, path);
  let value = json;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && typeof step === 'string') return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

function stepsOf(path: string): Steps | undefined {
  const trimmed = path.trim();
  if (!DEFINITE.test(trimmed)) return undefined;
  const rest = trimmed.startsWith('$') ? trimmed.slice(1) : trimmed;
  return [...rest.matchAll(STEP)].map(([, name, single, double, index]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Number(index),
  );
}

function search(json: unknown, path: string): unknown {
  if (typeof json !== 'object' || json === null) return [];
  return JSONPath({ path: path.trim(), json, eval: 'safe', wrap: true });
}
