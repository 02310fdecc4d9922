import { isRecord } from '../../gateway/model/is-record.ts';
import { type Policy, parsePolicy } from '../../gateway/model/policy.ts';

/** What a Lambda authorizer returned, read once; this is what its cache keeps. */
export type AuthorizerAnswer = {
  readonly context: Readonly<Record<string, unknown>> | null;
} & (
  | { readonly kind: 'simple'; readonly isAuthorized: boolean }
  | { readonly kind: 'policy'; readonly policy: Policy; readonly principalId: string }
);

/** Reads `{ isAuthorized, context }`. Answers what is wrong with it as a part of a sentence. */
export function parseSimpleAnswer(payload: unknown): AuthorizerAnswer | string {
  if (!isRecord(payload)) return 'it is not an object';
  if (typeof payload.isAuthorized !== 'boolean') {
    return `isAuthorized must be true or false, got ${JSON.stringify(payload.isAuthorized)}`;
  }
  const context = contextOf(payload.context);
  if (typeof context === 'string') return context;
  return { kind: 'simple', isAuthorized: payload.isAuthorized, context };
}

/** Reads `{ principalId, policyDocument, context }`. Answers what is wrong with it as a part of a sentence. */
export function parsePolicyAnswer(payload: unknown): AuthorizerAnswer | string {
  if (!isRecord(payload)) return 'it is not an object';
  if (typeof payload.principalId !== 'string') return 'principalId must be a string';
  const policy = parsePolicy(payload.policyDocument);
  if (typeof policy === 'string') return policy;
  const context = contextOf(payload.context);
  if (typeof context === 'string') return context;
  return { kind: 'policy', policy, principalId: payload.principalId, context };
}

function contextOf(context: unknown): Record<string, unknown> | null | string {
  if (context === undefined || context === null) return null;
  return isRecord(context) ? context : 'context must be an object';
}
