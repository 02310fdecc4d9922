/** A JSON Schema of any draft, as plain JSON. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const DRAFT_4 = 'http://json-schema.org/draft-04/schema#';

/** Keywords whose value is one schema. */
const SCHEMA_KEYWORDS = new Set(['not', 'additionalProperties', 'additionalItems']);
/** Keywords whose value is a list of schemas. */
const LIST_KEYWORDS = new Set(['anyOf', 'oneOf', 'allOf']);
/** Keywords whose value names schemas. */
const MAP_KEYWORDS = new Set(['properties', 'patternProperties', 'definitions', '$defs']);
/**
 * Keywords that draft 4 does not have. Dropping `propertyNames` admits more than the schema says; the service checks
 * each request again, with the schema itself. The others are annotations.
 */
const DROPPED_KEYWORDS = new Set(['$schema', '$id', '$comment', 'examples', 'contentEncoding', 'propertyNames']);
/** Validation keywords of later drafts with no counterpart in draft 4: dropping one silently would be a lie. */
const UNSUPPORTED_KEYWORDS = new Set(['if', 'then', 'else', 'contains', 'dependentRequired', 'prefixItems']);

/**
 * Translates a schema of draft 7 into draft 4, the one that API Gateway's models are written in. The differences are
 * those of the drafts' migration notes: `const` becomes an `enum` of one, an exclusive bound becomes a bound and a flag,
 * `true` and `false` become `{}` and `{"not": {}}`, an empty `required` (draft 4 wants at least one name) goes.
 * @throws RangeError for a keyword that draft 4 cannot express
 */
export function toDraft4(schema: JsonSchema): JsonSchema {
  return { $schema: DRAFT_4, ...convert(schema) };
}

function convert(schema: unknown): JsonSchema {
  if (schema === true) return {};
  if (schema === false) return { not: {} };
  if (!isObject(schema)) throw new RangeError(`a schema must be an object or a boolean, got ${JSON.stringify(schema)}`);
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (UNSUPPORTED_KEYWORDS.has(keyword)) throw new RangeError(`JSON Schema draft 4 has no '${keyword}'`);
    if (!DROPPED_KEYWORDS.has(keyword)) Object.assign(result, convertKeyword(keyword, value, schema));
  }
  return result;
}

function convertKeyword(keyword: string, value: unknown, schema: JsonSchema): JsonSchema {
  if (SCHEMA_KEYWORDS.has(keyword)) {
    // Draft 4 knows booleans at these two, and nowhere else.
    return { [keyword]: typeof value === 'boolean' && keyword !== 'not' ? value : convert(value) };
  }
  if (LIST_KEYWORDS.has(keyword)) return { [keyword]: asList(value).map(convert) };
  if (MAP_KEYWORDS.has(keyword)) {
    const entries = Object.entries(isObject(value) ? value : {}).map(([name, entry]) => [name, convert(entry)]);
    return { [keyword === '$defs' ? 'definitions' : keyword]: Object.fromEntries(entries) };
  }
  switch (keyword) {
    case '$ref':
      return { $ref: String(value).replace('#/$defs/', '#/definitions/') };
    case 'items':
      return { items: Array.isArray(value) ? value.map(convert) : convert(value) };
    case 'const':
      return { enum: [value] };
    case 'required':
      return asList(value).length === 0 ? {} : { required: value };
    case 'exclusiveMinimum':
      return exclusiveBound(keyword, 'minimum', value, schema);
    case 'exclusiveMaximum':
      return exclusiveBound(keyword, 'maximum', value, schema);
    case 'minimum':
      return isTighter(schema.exclusiveMinimum, value, 1) ? {} : { minimum: value };
    case 'maximum':
      return isTighter(schema.exclusiveMaximum, value, -1) ? {} : { maximum: value };
    default:
      return { [keyword]: value };
  }
}

/** Of an inclusive and an exclusive bound only the tighter one can stay, as draft 4 has one place for both. */
function exclusiveBound(keyword: string, bound: 'minimum' | 'maximum', value: unknown, schema: JsonSchema): JsonSchema {
  const sign = bound === 'minimum' ? 1 : -1;
  return schema[bound] === undefined || isTighter(value, schema[bound], sign)
    ? { [bound]: value, [keyword]: true }
    : {};
}

function isTighter(exclusive: unknown, inclusive: unknown, sign: 1 | -1): boolean {
  return typeof exclusive === 'number' && typeof inclusive === 'number' && sign * exclusive >= sign * inclusive;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
