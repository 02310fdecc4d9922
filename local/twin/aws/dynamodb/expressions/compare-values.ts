import type { AttributeValue } from '../values/attribute-value.ts';
import { compareNumbers } from '../values/decimal.ts';
import { orderedText } from '../values/sort-order.ts';

/** Negative, zero or positive, as in sorting; `undefined` where the values have no order: of different types, or of none that has one. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return compareTexts(orderedText(left.S), orderedText(right.S));
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.B === undefined || right.B === undefined) return undefined;
  return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
