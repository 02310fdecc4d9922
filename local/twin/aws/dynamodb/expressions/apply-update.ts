import { invalidParameter, validationError } from '../dynamodb-error.ts';
import { type AttributeValue, attributeOf, type Item, setMembers, typeOf } from '../values/attribute-value.ts';
import { addNumbers } from '../values/decimal.ts';
import { memberOf, valueAt } from './document-path.ts';
import type { Assigned, DocumentPath, UpdateAction, Values } from './expression.ts';

const INVALID_PATH = 'The document path provided in the update expression is invalid for update';
const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';
const NO_ATTRIBUTE = 'The provided expression refers to an attribute that does not exist in the item';
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';

/**
 * The item after an update. Every operand is what the item had before, and positions in lists are those before: that is why
 * elements are removed last, from the end. Shares with the item what it leaves as it is.
 *
 * @throws AwsError ValidationException
 */
export function applyUpdate(item: Item, actions: readonly UpdateAction[], values: Values): Item {
  let updated: AttributeValue = { M: item };
  const removals: DocumentPath[] = [];
  for (const action of inOrder(actions)) {
    const { path } = action;
    if (action.kind === 'remove') {
      removals.push(path);
      continue;
    }
    const before = valueAt(item, path);
    if (action.kind === 'set') {
      const value = assigned(action.value, item, values);
      updated = changed(updated, path, 0, () => value);
      continue;
    }
    const operand = values[action.value] ?? {};
    const change = action.kind === 'add' ? added(before, operand) : withoutMembers(before, operand);
    if (change === undefined && before === undefined) checkParent(item, path);
    else updated = changed(updated, path, 0, () => change);
  }
  removals.sort(comparePaths).reverse();
  for (const path of removals) {
    checkParent(item, path);
    if (valueAt(item, path) !== undefined) updated = changed(updated, path, 0, () => undefined);
  }
  return updated.M ?? {};
}

function assigned(value: Assigned, item: Item, values: Values): AttributeValue {
  switch (value.kind) {
    case 'path': {
      const found = valueAt(item, value.path);
      if (!found) throw validationError(NO_ATTRIBUTE);
      return found;
    }
    case 'value':
      return values[value.name] ?? {};
    case 'size':
      throw validationError(WRONG_TYPE);
    case 'if_not_exists': {
      const existing = value.left.kind === 'path' ? valueAt(item, value.left.path) : undefined;
      return existing ?? assigned(value.right, item, values);
    }
    default: {
      const [left, right] = [assigned(value.left, item, values), assigned(value.right, item, values)];
      if (value.kind !== 'list_append') return sum(left.N, right.N, value.kind === 'plus' ? 1 : -1);
      if (!left.L || !right.L) throw validationError(WRONG_TYPE);
      return { L: [...left.L, ...right.L] };
    }
  }
}

function sum(left: string | undefined, right: string | undefined, sign: 1 | -1): AttributeValue {
  if (left === undefined || right === undefined) throw validationError(WRONG_TYPE);
  const result = addNumbers(left, right, sign);
  if (result === undefined) throw validationError(OVERFLOW);
  return { N: result };
}

function added(before: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (before && typeOf(before) !== typeOf(operand)) throw validationError(WRONG_TYPE);
  if (operand.N !== undefined) return sum(before?.N ?? '0', operand.N, 1);
  // Only `AttributeUpdates` can add to lists.
  if (operand.L) return { L: [...(before?.L ?? []), ...operand.L] };
  const members = before ? (setMembers(before) ?? []) : [];
  const news = (setMembers(operand) ?? []).filter((member) => !members.includes(member));
  return { [typeOf(operand)]: [...members, ...news] };
}

function withoutMembers(before: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (!before) return undefined;
  if (typeOf(before) !== typeOf(operand)) throw validationError(WRONG_TYPE);
  const removed = new Set(setMembers(operand));
  const left = (setMembers(before) ?? []).filter((member) => !removed.has(member));
  return left.length === 0 ? undefined : { [typeOf(before)]: left };
}

/** A copy of a value with one change at a path of it. */
function changed(
  value: AttributeValue,
  path: DocumentPath,
  depth: number,
  change: () => AttributeValue | undefined,
): AttributeValue {
  const step = path[depth] ?? '';
  let member: AttributeValue | undefined;
  if (depth === path.length - 1) {
    if (typeof step === 'number' ? !value.L : !value.M) throw validationError(INVALID_PATH);
    member = change();
  } else {
    const inner = memberOf(value, step);
    if (!inner) throw validationError(INVALID_PATH);
    member = changed(inner, path, depth + 1, change);
  }
  return typeof step === 'number' ? withElement(value.L ?? [], step, member) : withMember(value.M ?? {}, step, member);
}

/** An element beyond the end of a list is appended. */
function withElement(list: readonly AttributeValue[], at: number, element: AttributeValue | undefined): AttributeValue {
  if (!element) return { L: list.toSpliced(at, 1) };
  return { L: at < list.length ? list.with(at, element) : [...list, element] };
}

function withMember(map: Item, name: string, member: AttributeValue | undefined): AttributeValue {
  if (member) return { M: { ...map, [name]: member } };
  const { [name]: _, ...rest } = map;
  return { M: rest };
}

/** What leads to a path has to exist and to be a map or a list. */
function checkParent(item: Item, path: DocumentPath): void {
  if (path.length === 1) return;
  const parent = valueAt(item, path.slice(0, -1));
  if (typeof path.at(-1) === 'number' ? !parent?.L : !parent?.M) throw validationError(INVALID_PATH);
}

/** Elements beyond the end of a list are appended in the order of their positions. */
function inOrder(actions: readonly UpdateAction[]): readonly UpdateAction[] {
  if (actions.every(({ path }) => typeof path.at(-1) === 'string')) return actions;
  return actions.toSorted((left, right) => comparePaths(left.path, right.path));
}

function comparePaths(left: DocumentPath, right: DocumentPath): number {
  for (let depth = 0; depth < left.length && depth < right.length; depth += 1) {
    const [one, other] = [left[depth] ?? 0, right[depth] ?? 0];
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** Attributes of keys stay as they are. @throws AwsError ValidationException */
export function checkLeavesKeys(actions: readonly UpdateAction[], key: Item): void {
  for (const { path } of actions) {
    const name = String(path[0]);
    if (attributeOf(key, name) === undefined) continue;
    throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
  }
}
