import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import type { DocumentPath } from './expression.ts';

/** The value at a path of an item. */
export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  let value = attributeOf(item, String(path[0]));
  for (let depth = 1; value && depth < path.length; depth += 1) value = memberOf(value, path[depth] ?? '');
  return value;
}

/** One step of a path: an element of a list by number, a member of a map by name. */
export function memberOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return value.L?.[step];
  return value.M && attributeOf(value.M, step);
}
