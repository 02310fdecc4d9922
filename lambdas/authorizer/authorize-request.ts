import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ScopeRoutes } from '../contract/scope-routes.ts';
import { DEFAULT_TIER, type TierKeys } from '../contract/tier-spec.ts';
import { bearerToken } from './bearer-token.ts';
import { buildPolicy } from './policy.ts';
import type { VerifiedToken, VerifyToken } from './verify-token.ts';

/** What the authorizer decides by. */
export interface AuthorizeRequestOptions {
  readonly verifyToken: VerifyToken;
  readonly scopeRoutes: ScopeRoutes;
  readonly tierKeys: TierKeys;
  /**
   * Whether subjects of outside issuers are written as `<issuer>|<subject>`. Subjects are unique within their issuer
   * only: with several issuers, one could otherwise name a user of another.
   */
  readonly qualifySubjects: boolean;
}

/**
 * Allows what the scopes of the request's token open, with the API key of its tier and the caller as context.
 * Rejects with `TokenRejected` for a bad token, and with `KeysUnavailable` when it cannot tell.
 */
export async function authorizeRequest(
  event: Pick<APIGatewayRequestAuthorizerEvent, 'methodArn' | 'headers' | 'multiValueHeaders'>,
  options: AuthorizeRequestOptions,
): Promise<APIGatewayAuthorizerResult> {
  const { verifyToken, scopeRoutes, tierKeys, qualifySubjects } = options;
  const token = await verifyToken(bearerToken(event));
  const scopes = readScopes(token);
  const tier = readTier(token, tierKeys);
  const key = tierKeys[tier] ?? undefined;
  const sub = readSubject(token, qualifySubjects);
  return {
    principalId: sub,
    // A closed tier has no key, and opens nothing.
    policyDocument: buildPolicy(event.methodArn, key === undefined ? [] : scopes, scopeRoutes),
    context: { sub, tier, scopes: scopes.join(' '), exp: String(Math.floor(token.claims.exp)) },
    ...(key === undefined ? {} : { usageIdentifierKey: key }),
  };
}

function readSubject({ issuer, claims }: VerifiedToken, qualify: boolean): string {
  return qualify && issuer.jwksUri !== undefined ? `${issuer.issuer}|${claims.sub}` : claims.sub;
}

/** A space-separated text (RFC 9068) or an array; a scope never holds a space itself. */
function readScopes({ issuer, claims }: VerifiedToken): readonly string[] {
  const claim = claims[issuer.scopeClaim];
  const words: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return words.filter((word): word is string => typeof word === 'string' && word !== '' && !word.includes(' '));
}

/** A tier that we do not have is treated as the default one, so that an issuer's own names open nothing. */
function readTier({ issuer, claims }: VerifiedToken, tierKeys: TierKeys): string {
  const claim = claims[issuer.tierClaim];
  return typeof claim === 'string' && Object.hasOwn(tierKeys, claim) ? claim : DEFAULT_TIER;
}
