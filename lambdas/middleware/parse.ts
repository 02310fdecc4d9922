import * as v from 'valibot';
import { ServiceError } from '../errors/service-error.ts';

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
  const field = v.getDotPath(issue) ?? 'the request';
  const expected = issue.expected === null ? issue.message : `expected ${issue.expected}`;
  return `${field}: ${expected}, got ${issue.received}`;
}
