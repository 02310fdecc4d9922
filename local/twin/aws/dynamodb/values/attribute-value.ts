/** Types that an attribute value may have. */
export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/**
 * A value as AWS JSON has it: exactly one member, named after its type. Numbers are in canonical form, binaries in base64.
 * Values are never changed in place, so that items, images in streams and answers may share them.
 */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
  readonly L?: readonly AttributeValue[];
  readonly M?: Item;
}

/** Attributes by name. */
export type Item = Readonly<Record<string, AttributeValue>>;

export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new RangeError('an attribute value has no type');
}

/** An own attribute of an item, or of a map. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Members of a set, whichever type they have. */
export function setMembers(value: AttributeValue): readonly string[] | undefined {
  return value.SS ?? value.NS ?? value.BS;
}

/** Equality as DynamoDB has it: sets have no order. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if (left === right) return true;
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  if (type === 'M') return equalItems(left.M ?? {}, right.M ?? {});
  if (type === 'L') {
    const [ones, others] = [left.L ?? [], right.L ?? []];
    return ones.length === others.length && ones.every((one, at) => equalValues(one, others[at] ?? {}));
  }
  const members = setMembers(left);
  if (!members) return left[type] === right[type];
  const others = new Set(setMembers(right));
  return members.length === others.size && members.every((member) => others.has(member));
}

export function equalItems(left: Item, right: Item): boolean {
  if (left === right) return true;
  let names = 0;
  for (const name in left) {
    const [one, other] = [left[name], attributeOf(right, name)];
    if (!one || !other || !equalValues(one, other)) return false;
    names += 1;
  }
  return names === Object.keys(right).length;
}
