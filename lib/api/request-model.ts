import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { SpillwayError } from '../spillway-error.ts';
import { type JsonSchema, toDraft4 } from './json-schema-draft4.ts';

/** One query parameter, as callers send it. */
export interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/**
 * Checks in code, which JSON Schema has no words for. Left out, the schema admits more than the parser; the service
 * parses each request again, so nothing gets through.
 */
export const CHECKS_IN_CODE = ['check', 'raw_check', 'partial_check'];

/** Which side of a schema with transformations is meant: what is sent, or what comes out of the parser. */
type SchemaSide = 'input' | 'output';

/**
 * A valibot schema as JSON Schema, draft 2020-12, which is the dialect of OpenAPI 3.1.
 * @param subject how an error begins, such as `route 'POST /login': body`
 * @throws SpillwayError for a schema that JSON Schema cannot express
 */
export function describeSchema(subject: string, schema: GenericSchema, side: SchemaSide): JsonSchema {
  const { $schema: _dialect, ...described } = convert(subject, schema, 'draft-2020-12', side);
  return described;
}

/**
 * A valibot schema as API Gateway's request models are written: JSON Schema draft 4.
 * @throws SpillwayError for a schema that draft 4 cannot express
 */
export function requestModelSchema(subject: string, schema: GenericSchema): JsonSchema {
  try {
    return toDraft4(convert(subject, schema, 'draft-07', 'input'));
  } catch (error) {
    throw error instanceof RangeError ? inexpressible(subject, error) : error;
  }
}

/**
 * The parameters of an object schema, in its order. They are described as what comes out of the parser (`limit` is an
 * integer from 1 to 100, not a string) where the schema says so, and as what is sent otherwise.
 * @throws SpillwayError for a schema that is no object
 */
export function queryParameters(subject: string, schema: GenericSchema): readonly QueryParameter[] {
  const sent = describeSchema(subject, schema, 'input');
  if (sent.type !== 'object' || !isRecord(sent.properties)) {
    throw new SpillwayError('invalid-schema', `${subject} must be an object schema, got '${schema.type}'`);
  }
  const parsed = describeIfPossible(schema);
  const required = Array.isArray(sent.required) ? sent.required : [];
  return Object.entries(sent.properties).map(([name, property]) => {
    const schema = isRecord(parsed[name]) ? withDefaultOf(property, parsed[name]) : property;
    return { name, required: required.includes(name), schema: isRecord(schema) ? schema : {} };
  });
}

/** A default is declared on what is sent; `'20'` reads as 20 where the parameter is described as a number. */
function withDefaultOf(sent: unknown, parsed: JsonSchema): JsonSchema {
  if (!isRecord(sent) || sent.default === undefined || parsed.default !== undefined) return parsed;
  const isNumber = parsed.type === 'integer' || parsed.type === 'number';
  return { ...parsed, default: isNumber ? Number(sent.default) : sent.default };
}

function describeIfPossible(schema: GenericSchema): JsonSchema {
  try {
    const described = describeSchema('query', schema, 'output');
    return isRecord(described.properties) ? described.properties : {};
  } catch {
    return {};
  }
}

function convert(
  subject: string,
  schema: GenericSchema,
  target: 'draft-07' | 'draft-2020-12',
  typeMode: SchemaSide,
): JsonSchema {
  try {
    return toJsonSchema(schema, { target, typeMode, errorMode: 'throw', ignoreActions: CHECKS_IN_CODE }) as JsonSchema;
  } catch (error) {
    throw inexpressible(subject, error);
  }
}

function inexpressible(subject: string, error: unknown): SpillwayError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SpillwayError('invalid-schema', `${subject} cannot be written as JSON Schema: ${reason}`);
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
