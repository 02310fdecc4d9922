import fc from 'fast-check';

/** A schema of those kinds that event types are made of. */
export type Schema =
  | { readonly type: 'string' | 'number' | 'boolean' | 'null' }
  | { readonly type: 'string'; readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly items: Schema }
  | { readonly anyOf: readonly Schema[] }
  | ObjectSchema;

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly additionalProperties?: false;
}

const NAMES = ['a', 'b', 'c', 'd', 'toString'];
const VALUES = ['x', 'y', 'z'];

const scalar: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom('string', 'number', 'boolean', 'null').map((type) => ({ type }) as Schema),
  fc.subarray(VALUES, { minLength: 1 }).map((values) => ({ type: 'string', enum: values }) as const),
);

const { schema, object } = fc.letrec<{ schema: Schema; object: ObjectSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('object'),
    tie('schema').map((items) => ({ type: 'array', items }) as const),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
  object: fc
    .tuple(fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), { maxKeys: 3, noNullPrototype: true }), fc.boolean())
    .chain(([properties, isOpen]) =>
      fc.subarray(Object.keys(properties)).map((required) => ({
        ...({ type: 'object', properties, required } as const),
        ...(!isOpen && ({ additionalProperties: false } as const)),
      })),
    ),
}));

export const eventSchema = object;

/** The schema with one change somewhere that is allowed, or none where it has no room for one. */
export function allowedStep(from: ObjectSchema): fc.Arbitrary<ObjectSchema> {
  return fc.tuple(fc.nat(), schema, fc.constantFrom('new', 'b', 'c')).map(([at, added, name]) => {
    let left = at % countObjects(from);
    return mapObjects(from, (each) => {
      left -= 1;
      const isFree = each.additionalProperties === undefined && !Object.hasOwn(each.properties, name);
      if (left !== -1 || !isFree) return { ...each, required: each.required.toReversed() };
      return { ...each, properties: { ...each.properties, [name]: added } };
    }) as ObjectSchema;
  });
}

/** The schema with one change somewhere, of whatever kind. */
export function anyStep(from: ObjectSchema): fc.Arbitrary<ObjectSchema> {
  const change = fc.constantFrom('add', 'remove', 'require', 'release', 'retype', 'close', 'open');
  return fc.tuple(fc.nat(), schema, fc.constantFrom(...NAMES), change).map(([at, other, name, kind]) => {
    let left = at % countObjects(from);
    return mapObjects(from, (each): ObjectSchema => {
      left -= 1;
      if (left !== -1) return each;
      const { [name]: _, ...others } = each.properties;
      const { additionalProperties: __, ...open } = each;
      switch (kind) {
        case 'add':
        case 'retype':
          return { ...each, properties: { ...each.properties, [name]: other } };
        case 'remove':
          return { ...each, properties: others, required: each.required.filter((one) => one !== name) };
        case 'require':
          return { ...each, required: [...new Set([...each.required, ...Object.keys(each.properties)])] };
        case 'release':
          return { ...each, required: [] };
        case 'close':
          return { ...each, additionalProperties: false };
        default:
          return open;
      }
    }) as ObjectSchema;
  });
}

/** A document that is valid under the schema, and has no members that it does not name. */
export function documentOf(of: Schema, roll: () => number): unknown {
  if ('anyOf' in of) return documentOf(of.anyOf[roll() % of.anyOf.length] ?? { type: 'null' }, roll);
  if ('enum' in of) return of.enum[roll() % of.enum.length];
  switch (of.type) {
    case 'array':
      return Array.from({ length: roll() % 3 }, () => documentOf(of.items, roll));
    case 'object':
      return Object.fromEntries(
        Object.entries(of.properties)
          .filter(([name]) => of.required.includes(name) || roll() % 2 === 0)
          .map(([name, each]) => [name, documentOf(each, roll)]),
      );
    case 'string':
      return VALUES[roll() % VALUES.length];
    case 'number':
      return roll() % 100;
    case 'boolean':
      return roll() % 2 === 0;
    default:
      return null;
  }
}

function mapObjects(of: Schema, change: (schema: ObjectSchema) => ObjectSchema): Schema {
  if ('anyOf' in of) return { anyOf: of.anyOf.map((each) => mapObjects(each, change)) };
  if (of.type === 'array') return { ...of, items: mapObjects((of as { items: Schema }).items, change) };
  if (of.type !== 'object') return of;
  const changed = change(of);
  const inner = Object.entries(changed.properties).map(([name, each]) => {
    return [name, each === of.properties[name] ? mapObjects(each, change) : each];
  });
  return { ...changed, properties: Object.fromEntries(inner) };
}

function countObjects(of: Schema): number {
  let count = 0;
  mapObjects(of, (each) => {
    count += 1;
    return each;
  });
  return count;
}
