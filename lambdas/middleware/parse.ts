import * as v from 'valibot';
import { ServiceError } from '../errors/service-error.ts';

/** So much of a wrong value is shown to the caller. */
const SHOWN_MAX_LENGTH = 80;

/**
 * The value as the schema sees it, or 400 `invalid-request`, whose message names the first field that is wrong, its
 * value and what was expected there.
 */
export function parseOrReject<const S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  throw new ServiceError('invalid-request', describe(result.issues[0]), { statusCode: 400 });
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue);
  const received = issue.received.slice(0, SHOWN_MAX_LENGTH);
  // An object reports a key, not a value, when one is missing or too many; valibot words that for programmers.
  if (field !== null && issue.type.endsWith('object') && issue.expected === 'never')
    return `${field} is not known here`;
  if (field !== null && issue.type.endsWith('object') && received === 'undefined') return `${field} is missing`;
  const what = issue.type.endsWith('_length') ? 'a length ' : '';
  return `${field ?? 'the request'}: expected ${what}${issue.expected ?? 'another value'}, got ${received}`;
}
