import { validationError } from '../dynamodb-error.ts';
import type { AttributeType, AttributeValue, Item } from '../values/attribute-value.ts';
import { canonicalNumber } from '../values/decimal.ts';

/** A value may nest 32 levels deep. */
const DEPTH_MAX = 32;

/**
 * A copy of attributes as they come, with canonical numbers; `undefined` where anything is wrong with them, or uncommon. What is
 * wrong then dynalite's rules say: accepting takes a microsecond this way, where they take dozens.
 *
 * @throws AwsError ValidationException where they nest too deep.
 */
export function plainAttributes(input: unknown): Item | undefined {
  return copyMap(input, 0);
}

function copyMap(input: unknown, depth: number): Record<string, AttributeValue> | undefined {
  checkDepth(depth);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const copy: Record<string, AttributeValue> = {};
  for (const name in input) {
    const value = copyValue((input as Record<string, unknown>)[name], depth);
    if (!value) return undefined;
    copy[name] = value;
  }
  return copy;
}

function copyValue(input: unknown, depth: number): AttributeValue | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  let type: AttributeType | undefined;
  for (const name in input) {
    if (type !== undefined) return undefined;
    type = name as AttributeType;
  }
  const content = type && (input as Record<string, unknown>)[type];
  switch (type) {
    case 'S':
      return typeof content === 'string' ? { S: content } : undefined;
    case 'N': {
      const number = typeof content === 'string' ? canonicalNumber(content) : undefined;
      return number === undefined ? undefined : { N: number };
    }
    case 'B':
      return isBase64(content) ? { B: content } : undefined;
    case 'BOOL':
      return typeof content === 'boolean' ? { BOOL: content } : undefined;
    case 'NULL':
      return content === true ? { NULL: true } : undefined;
    case 'M': {
      const map = copyMap(content, depth + 1);
      return map && { M: map };
    }
    case 'L':
      return copyList(content, depth + 1);
    case 'SS':
    case 'NS':
    case 'BS':
      return copySet(type, content);
    default:
      return undefined;
  }
}

function copyList(content: unknown, depth: number): AttributeValue | undefined {
  checkDepth(depth);
  if (!Array.isArray(content)) return undefined;
  const list: AttributeValue[] = [];
  for (const member of content) {
    const value = copyValue(member, depth);
    if (!value) return undefined;
    list.push(value);
  }
  return { L: list };
}

function copySet(type: 'SS' | 'NS' | 'BS', content: unknown): AttributeValue | undefined {
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const members = new Set<string>();
  for (const member of content) {
    if (typeof member !== 'string') return undefined;
    const canonical = type === 'NS' ? canonicalNumber(member) : member;
    if (canonical === undefined || (type === 'BS' && !isBase64(member))) return undefined;
    members.add(canonical);
  }
  return members.size === content.length ? { [type]: [...members] } : undefined;
}

function checkDepth(depth: number): void {
  if (depth > DEPTH_MAX) throw validationError('Nesting Levels have exceeded supported limits');
}

function isBase64(content: unknown): content is string {
  if (typeof content !== 'string' || content.length % 4 !== 0) return false;
  return Buffer.from(content, 'base64').toString('base64') === content;
}
