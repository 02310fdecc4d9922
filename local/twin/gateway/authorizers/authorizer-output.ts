import type { Authorization } from '../exchange.ts';
import { isRecord } from '../model/is-record.ts';
import { type Policy, parsePolicy } from '../model/policy.ts';

/** What a Lambda authorizer returned, read once; this is what the cache keeps. */
export interface AuthorizerOutput {
  readonly policy: Policy;
  readonly authorization: Authorization;
}

/**
 * Reads the output (developer guide, "Output from an API Gateway Lambda authorizer"). Answers what is wrong with it as a
 * part of a sentence: API Gateway makes a 500 of it and does not keep it.
 */
export function parseAuthorizerOutput(payload: unknown): AuthorizerOutput | string {
  if (!isRecord(payload)) return 'it is not an object';
  const { principalId, context, usageIdentifierKey } = payload;
  if (typeof principalId !== 'string') return 'principalId must be a string';
  if (usageIdentifierKey !== undefined && usageIdentifierKey !== null && typeof usageIdentifierKey !== 'string') {
    return 'usageIdentifierKey must be a string';
  }
  const policy = parsePolicy(payload.policyDocument);
  if (typeof policy === 'string') return policy;
  const values: Record<string, string> = Object.create(null);
  if (context !== undefined && context !== null) {
    if (!isRecord(context)) return 'context must be an object';
    for (const [key, value] of Object.entries(context)) {
      if (value === null || value === undefined) continue;
      if (typeof value === 'object') return `context.${key} must be a string, a number or a boolean`;
      values[key] = String(value);
    }
  }
  return {
    policy,
    authorization: { principalId, context: values, usageIdentifierKey: usageIdentifierKey ?? undefined },
  };
}
