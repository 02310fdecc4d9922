import { EventPatternError } from './event-pattern-error.ts';
import { compileExpectation, type Expectation } from './match-expression.ts';

/** Whether an event matches. */
export type MatchesEvent = (event: unknown) => boolean;

/** `value` is the part of the event that the pattern stands over; `event` is the whole of it. */
type Matcher = (value: unknown, event: unknown) => boolean;

/**
 * Compiles an event pattern of EventBridge, of an event source mapping's filter or of an SNS filter policy over bodies.
 * Semantics are those of AWS's Event Ruler: fields are joined by "and", values of a field by "or", `$or` joins objects;
 * an array in the event matches where one of its elements does, and one element has to match all fields below the array;
 * operators look at leaves alone, so that a field that holds an object or an empty array does not "exist".
 * Differs from Event Ruler in that a dot in a field's name stands for itself.
 *
 * @param pattern JSON text, or what it parses to.
 * @throws EventPatternError with the sentence that AWS's rule compiler has for it.
 */
export function compileEventPattern(pattern: unknown): MatchesEvent {
  const parsed = typeof pattern === 'string' ? parse(pattern) : pattern;
  if (!isObject(parsed)) throw new EventPatternError('Filter is not an object');
  const matches = compileObject(parsed, []);
  return (event) => matches(event, event);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EventPatternError((error as Error).message);
  }
}

function compileObject(pattern: Readonly<Record<string, unknown>>, path: readonly string[]): Matcher {
  const matchers = Object.entries(pattern).map(([name, value]): Matcher => {
    if (name === '$or') return compileOr(value, path);
    const ownPath = [...path, name];
    const matches = compileField(name, value, ownPath);
    return (object, event) => matches(isObject(object) ? own(object, name) : undefined, event);
  });
  if (matchers.length === 0) throw new EventPatternError('Empty objects are not allowed');
  const matchesAll: Matcher = (value, event) => matchers.every((matches) => matches(value, event));
  return (value, event) => {
    if (!Array.isArray(value)) return matchesAll(value, event);
    const elements = value.flat(Number.POSITIVE_INFINITY);
    return elements.length === 0
      ? matchesAll(undefined, event)
      : elements.some((element) => matchesAll(element, event));
  };
}

function compileField(name: string, value: unknown, path: readonly string[]): Matcher {
  if (isObject(value)) return compileObject(value, path);
  if (!Array.isArray(value)) throw new EventPatternError(`"${name}" must be an object or an array`);
  if (value.length === 0) throw new EventPatternError('Empty arrays are not allowed');
  return compileLeaf(value.map(compileExpectation), path);
}

function compileLeaf(expectations: readonly Expectation[], path: readonly string[]): Matcher {
  const matchers = expectations.flatMap((each) => (each.kind === 'leaf' ? [each.matches] : []));
  const acceptsAbsence = matchers.length < expectations.length;
  return (value, event) => {
    // Absence is asked of the whole event: no element of an array on the way may have the field.
    if (acceptsAbsence && !hasLeaf(event, path)) return true;
    return leavesOf(value).some((leaf) => matchers.some((matches) => matches(leaf)));
  };
}

function compileOr(value: unknown, path: readonly string[]): Matcher {
  if (!Array.isArray(value)) throw new EventPatternError('It must be an Array followed with $or.');
  const branches = value.map((branch: unknown) => {
    if (!isObject(branch)) throw new EventPatternError('Only JSON object is allowed in array of $or relationship.');
    return compileObject(branch, path);
  });
  if (branches.length < 2) throw new EventPatternError('There must have at least 2 Objects in $or relationship.');
  return (object, event) => branches.some((matches) => matches(object, event));
}

function hasLeaf(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return leavesOf(value).length > 0;
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, [name, ...rest]));
  return isObject(value) && hasLeaf(own(value, name), rest);
}

function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
