import {
  asList,
  isSameSchema,
  isSchemaObject,
  membersOf,
  partsOf,
  requiredOf,
  type SchemaObject,
  unknownKeywords,
} from './json-schema.ts';

/** One thing that a schema must not do to those who know its published form. */
export interface Breach {
  /** Where: `data.tags[].name`, or empty for the event itself. */
  readonly path: string;
  /** What was done there, as the end of a sentence that begins with the path. */
  readonly what: string;
}

/** Keywords that say by themselves what a value may be: any change admits less, or more than others know of. */
const VALUE_KEYWORDS = [
  ...['type', 'const', 'enum', 'format', 'default'],
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'propertyNames'],
  // Of these a document may match several parts at a time: whether a change of one of them matters depends on the others.
  ...['oneOf', 'allOf', 'not', 'prefixItems'],
];
/** Parts that a document matches beside the schema that they stand in, and that may name members of their own. */
const BRANCHES = ['anyOf', 'oneOf', 'allOf'];
const SHAPES = ['properties', 'required', 'additionalProperties', 'items'];

/**
 * What keeps two versions of a schema from being read by each other's consumers: every document that is valid under one,
 * and has no members that it does not name, must be valid under the other. Members that are new and optional are all that
 * may be different, in objects that are open to them; whatever is annotated is nobody's business.
 */
export function compareSchemas(published: unknown, current: unknown, path = ''): Breach[] {
  const unknown = [...findUnknown(published, path), ...findUnknown(current, path)];
  return unknown.length > 0 ? distinct(unknown) : compare(published, current, path);
}

function compare(published: unknown, current: unknown, path: string): Breach[] {
  if (!isSchemaObject(published) || !isSchemaObject(current)) {
    if (published === current) return [];
    return [{ path, what: `was ${JSON.stringify(published)} and is ${JSON.stringify(current)}` }];
  }
  if ([published, current].some((schema) => hasOneOf(schema, BRANCHES) && hasOneOf(schema, SHAPES))) {
    const what = `has changed, and has ${BRANCHES.join(', ')} beside members or items: what becomes of both nobody can tell`;
    return isSameSchema(published, current) ? [] : [{ path, what }];
  }
  return [
    ...VALUE_KEYWORDS.flatMap((keyword) => compareValues(keyword, published, current, path)),
    ...compareMembers(published, current, path),
    ...comparePart('additionalProperties', `${path}.*`, published, current),
    ...comparePart('items', `${path}[]`, published, current),
    ...compareBranches(published, current, path),
  ];
}

function compareValues(keyword: string, published: SchemaObject, current: SchemaObject, path: string): Breach[] {
  const only = (schema: SchemaObject) => (Object.hasOwn(schema, keyword) ? { [keyword]: schema[keyword] } : {});
  if (isSameSchema(only(published), only(current))) return [];
  const was = Object.hasOwn(published, keyword) ? JSON.stringify(published[keyword]) : 'not there';
  const is = Object.hasOwn(current, keyword) ? JSON.stringify(current[keyword]) : 'gone';
  return [{ path, what: `has another ${keyword}: it was ${was} and is ${is}` }];
}

function compareMembers(published: SchemaObject, current: SchemaObject, path: string): Breach[] {
  const [before, after] = [membersOf(published), membersOf(current)];
  const [required, requiredNow] = [requiredOf(published), requiredOf(current)];
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...required, ...requiredNow]);
  return [...names].flatMap((name) => {
    const at = `${path}.${name}`;
    const [isOld, isNew] = [Object.hasOwn(before, name), Object.hasOwn(after, name)];
    if (isOld && !isNew) return [{ path: at, what: 'was removed' }];
    const breaches: Breach[] = [];
    if (required.has(name) && !requiredNow.has(name)) breaches.push({ path: at, what: 'is not required any more' });
    if (requiredNow.has(name) && !required.has(name)) {
      breaches.push({ path: at, what: isOld ? 'is required now' : 'is new and required; make it optional' });
    }
    if (isOld && isNew) return [...breaches, ...compare(before[name], after[name], at)];
    // Where unnamed members are part of what is published, this one may be there already, as something else.
    if (isNew && (required.has(name) || Object.hasOwn(published, 'additionalProperties'))) {
      breaches.push({ path: at, what: 'was free, or forbidden, in an object that is not simply open to new members' });
    }
    return breaches;
  });
}

/** A part that both must have, or neither. */
function comparePart(keyword: string, path: string, published: SchemaObject, current: SchemaObject): Breach[] {
  const [isOld, isNew] = [Object.hasOwn(published, keyword), Object.hasOwn(current, keyword)];
  if (isOld && isNew) return compare(published[keyword], current[keyword], path);
  if (isOld === isNew) return [];
  return [{ path, what: isOld ? `may be anything now: ${keyword} is gone` : `was free: ${keyword} is new` }];
}

function compareBranches(published: SchemaObject, current: SchemaObject, path: string): Breach[] {
  const [before, after] = [asList(published.anyOf), asList(current.anyOf)];
  if (before.length !== after.length) {
    return [{ path, what: `had ${before.length} alternatives (anyOf) and has ${after.length}` }];
  }
  return before.flatMap((branch, at) => compare(branch, after[at], path));
}

function findUnknown(schema: unknown, path: string): Breach[] {
  if (typeof schema === 'boolean') return [];
  if (!isSchemaObject(schema)) return [{ path, what: `is ${JSON.stringify(schema)}, which is no schema` }];
  return [
    ...unknownKeywords(schema).map((keyword) => ({ path, what: `has '${keyword}', which cannot be compared` })),
    ...partsOf(schema).flatMap((part) => findUnknown(part.schema, `${path}${part.path}`)),
  ];
}

function distinct(breaches: readonly Breach[]): Breach[] {
  return [...new Map(breaches.map((breach) => [JSON.stringify(breach), breach])).values()];
}

function hasOneOf(schema: SchemaObject, keywords: readonly string[]): boolean {
  return keywords.some((keyword) => Object.hasOwn(schema, keyword));
}
