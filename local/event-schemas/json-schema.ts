import { isDeepStrictEqual } from 'node:util';

/** A JSON Schema as plain JSON: an object of keywords, or true or false. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
export type SchemaObject = Exclude<JsonSchema, boolean>;

/** Keywords that no document is measured by. */
const ANNOTATIONS = new Set(['$schema', '$comment', 'title', 'description', 'examples', 'deprecated']);
/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const SINGLE = ['items', 'additionalProperties', 'propertyNames', 'not'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const MAPS = ['properties'];
/** Further keywords that a comparison understands. `default` says what a missing member means. */
const ASSERTIONS = new Set([
  ...['type', 'const', 'enum', 'format', 'default', 'required'],
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'],
]);
const HOLDERS = new Set([...SINGLE, ...LISTS, ...MAPS]);

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas within this one, each with the path of the members that it is about. */
export function partsOf(schema: SchemaObject): { readonly path: string; readonly schema: unknown }[] {
  const single = SINGLE.filter((keyword) => Object.hasOwn(schema, keyword)).map((keyword) => ({
    path: keyword === 'items' ? '[]' : '.*',
    schema: schema[keyword],
  }));
  const listed = LISTS.flatMap((keyword) => asList(schema[keyword]).map((each) => ({ path: '', schema: each })));
  const named = MAPS.flatMap((keyword) => Object.entries(membersOf(schema, keyword))).map(([name, each]) => ({
    path: `.${name}`,
    schema: each,
  }));
  return [...single, ...listed, ...named];
}

/** Keywords of a schema, without those of its parts, that nobody here knows the meaning of. */
export function unknownKeywords(schema: SchemaObject): string[] {
  return Object.keys(schema).filter(
    (keyword) => !ANNOTATIONS.has(keyword) && !ASSERTIONS.has(keyword) && !HOLDERS.has(keyword),
  );
}

/** The schema's members by name; empty where it says nothing of any. */
export function membersOf(schema: SchemaObject, keyword = 'properties'): Readonly<Record<string, unknown>> {
  const members = schema[keyword];
  return isSchemaObject(members) ? members : {};
}

export function requiredOf(schema: SchemaObject): ReadonlySet<string> {
  return new Set(asList(schema.required).map(String));
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether two schemas are the same, whatever is annotated, and in whichever order lists are that have none. */
export function isSameSchema(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(assertionsOf(a), assertionsOf(b));
}

function assertionsOf(schema: unknown): unknown {
  if (!isSchemaObject(schema)) return schema;
  const entries = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.has(keyword));
  return Object.fromEntries(entries.map(([keyword, value]) => [keyword, assertionOf(keyword, value)]));
}

function assertionOf(keyword: string, value: unknown): unknown {
  if (SINGLE.includes(keyword)) return assertionsOf(value);
  if (LISTS.includes(keyword)) return asList(value).map(assertionsOf);
  if (MAPS.includes(keyword) && isSchemaObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, assertionsOf(each)]));
  }
  const isSet = keyword === 'enum' || keyword === 'required' || keyword === 'type';
  return isSet && Array.isArray(value) ? new Set(value) : value;
}
