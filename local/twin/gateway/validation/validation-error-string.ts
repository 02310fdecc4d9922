import type { ErrorObject } from 'ajv-draft-04';

/** So much of one value is shown, and so much is said in all: bodies have up to 10 MB, and the console keeps the words. */
const SHOWN_MAX_LENGTH = 200;
const STRING_MAX_LENGTH = 800;

const clip = (text: string, maxLength: number) => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
const shown = (value: unknown) => clip(JSON.stringify(value) ?? 'null', SHOWN_MAX_LENGTH);
const listed = (values: readonly unknown[]) => clip(`[${values.map(shown).join(',')}]`, SHOWN_MAX_LENGTH);

/**
 * `$context.error.validationErrorString` in the words of API Gateway, which validates with a Java library: one phrase per
 * fault in brackets, with no word about where in the body it is.
 */
export function validationErrorString(errors: readonly ErrorObject[]): string {
  const phrases: string[] = [];
  const missing = errors.filter(({ keyword }) => keyword === 'required').map(({ params }) => params.missingProperty);
  const extra = errors
    .filter(({ keyword }) => keyword === 'additionalProperties')
    .map(({ params }) => params.additionalProperty);
  if (missing.length > 0) phrases.push(`object has missing required properties (${listed(missing)})`);
  if (extra.length > 0) {
    phrases.push(`object instance has properties which are not allowed by the schema: ${listed(extra)}`);
  }
  for (const error of errors) {
    const text = phrase(error);
    if (text !== undefined) phrases.push(text);
  }
  return clip(`[${phrases.join(', ')}]`, STRING_MAX_LENGTH);
}

function phrase({ keyword, params, data, schema, message }: ErrorObject): string | undefined {
  switch (keyword) {
    case 'required':
    case 'additionalProperties':
      return undefined;
    case 'type': {
      const allowed = Array.isArray(schema) ? schema : [schema];
      return `instance type (${typeName(data)}) does not match any allowed primitive type (allowed: ${listed(allowed)})`;
    }
    case 'enum':
      return `instance value (${shown(data)}) not found in enum (possible values: ${listed(params.allowedValues)})`;
    case 'minLength':
      return `string ${shown(data)} is too short (length: ${lengthOf(data)}, required minimum: ${params.limit})`;
    case 'maxLength':
      return `string ${shown(data)} is too long (length: ${lengthOf(data)}, maximum allowed: ${params.limit})`;
    case 'pattern':
      return `ECMA 262 regex ${shown(params.pattern)} does not match input string ${shown(data)}`;
    case 'minimum':
      return `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${shown(data)})`;
    case 'maximum':
      return `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${shown(data)})`;
    case 'minItems':
      return `array is too short: must have at least ${params.limit} elements but instance has ${lengthOf(data)} elements`;
    case 'maxItems':
      return `array is too long: must have at most ${params.limit} elements but instance has ${lengthOf(data)} elements`;
    default:
      return message;
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : 0;
}
