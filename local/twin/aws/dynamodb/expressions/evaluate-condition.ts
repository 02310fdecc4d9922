import { type AttributeValue, equalValues, type Item, setMembers, typeOf } from '../values/attribute-value.ts';
import { compareValues } from './compare-values.ts';
import { valueAt } from './document-path.ts';
import type { Comparator, Condition, ConditionFunction, Operand, Values } from './expression.ts';

/** Whether an item satisfies a condition; an item that does not exist has no attributes. */
export function satisfies(item: Item, condition: Condition, values: Values): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.all.every((part) => satisfies(item, part, values));
    case 'or':
      return condition.all.some((part) => satisfies(item, part, values));
    case 'not':
      return !satisfies(item, condition.condition, values);
    case 'compare':
      return compares(operandValue(condition.left), condition.by, operandValue(condition.right));
    case 'between': {
      const value = operandValue(condition.operand);
      return compares(value, '>=', operandValue(condition.low)) && compares(value, '<=', operandValue(condition.high));
    }
    case 'in': {
      const value = operandValue(condition.operand);
      return condition.list.some((member) => compares(value, '=', operandValue(member)));
    }
    case 'function':
      return holds(condition.name, operandValue(condition.args[0]), operandValue(condition.args[1]));
  }

  function operandValue(operand: Operand | undefined): AttributeValue | undefined {
    if (!operand) return undefined;
    if (operand.kind === 'path') return valueAt(item, operand.path);
    if (operand.kind === 'value') return values[operand.name];
    const size = sizeOf(operandValue(operand.of));
    return size === undefined ? undefined : { N: String(size) };
  }
}

/** A value that is missing equals nothing and has no order; it differs from everything. */
function compares(left: AttributeValue | undefined, by: Comparator, right: AttributeValue | undefined): boolean {
  if (by === '<>') return !left || !right || !equalValues(left, right);
  if (!left || !right) return false;
  if (by === '=') return equalValues(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
}

function holds(name: ConditionFunction, value: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  if (!value || !other) return false;
  if (name === 'attribute_type') return typeOf(value) === other.S;
  if (name === 'contains') return contains(value, other);
  if (value.S !== undefined && other.S !== undefined) return value.S.startsWith(other.S);
  return value.B !== undefined && other.B !== undefined && bytesOf(value.B).startsWith(bytesOf(other.B));
}

function contains(value: AttributeValue, other: AttributeValue): boolean {
  if (value.S !== undefined) return other.S !== undefined && value.S.includes(other.S);
  if (value.B !== undefined) return other.B !== undefined && bytesOf(value.B).includes(bytesOf(other.B));
  if (value.L) return value.L.some((member) => equalValues(member, other));
  const type = typeOf(other);
  if (typeOf(value) !== `${type}S`) return false;
  return setMembers(value)?.includes(String(other[type])) ?? false;
}

/** Of texts the bytes of UTF-8, of binaries the bytes, of the others how many members they have. */
function sizeOf(value: AttributeValue | undefined): number | undefined {
  if (!value) return undefined;
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64');
  if (value.M) return Object.keys(value.M).length;
  return (value.L ?? setMembers(value))?.length;
}

function bytesOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
