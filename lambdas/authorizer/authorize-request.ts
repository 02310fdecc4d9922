import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ServiceLogger } from '../adapters/logger.ts';
import { tenantKey } from '../adapters/tenant-key.ts';
import type { ScopeRoutes } from '../contract/scope-routes.ts';
import { DEFAULT_TIER, type TierKeys } from '../contract/tier-spec.ts';
import { bearerToken } from './bearer-token.ts';
import { type ClaimOptions, qualify, readClaims, readTenant } from './caller-claims.ts';
import { buildPolicy } from './policy.ts';
import type { VerifiedToken, VerifyToken } from './verify-token.ts';

/** What the authorizer decides by. */
export interface AuthorizeRequestOptions extends ClaimOptions {
  readonly verifyToken: VerifyToken;
  readonly scopeRoutes: ScopeRoutes;
  readonly tierKeys: TierKeys;
  readonly logger: Pick<ServiceLogger, 'info'>;
}

/** What of API Gateway's event is read. */
export type AuthorizerRequest = Pick<
  APIGatewayRequestAuthorizerEvent,
  'methodArn' | 'headers' | 'multiValueHeaders'
> & {
  readonly requestContext: Pick<APIGatewayRequestAuthorizerEvent['requestContext'], 'requestId'>;
};

/**
 * Allows what the scopes of the request's token open, with the API key of its tier, or of its tenant where the tier has a
 * key for each, and the caller as context. Rejects with `TokenRejected` for a bad token, and with `KeysUnavailable` when it
 * cannot tell.
 *
 * Nothing is open, as in a closed tier, to a token without a tenant where the tier has keys for tenants alone: there is no
 * key that would meter it, and an unmetered caller is what such a tier is there to prevent. A tenant that nobody has
 * created has no key in the plan; API Gateway itself answers 403 then.
 */
export async function authorizeRequest(
  event: AuthorizerRequest,
  options: AuthorizeRequestOptions,
): Promise<APIGatewayAuthorizerResult> {
  const { verifyToken, scopeRoutes, tierKeys, logger } = options;
  const token = await verifyToken(bearerToken(event));
  const scopes = readScopes(token);
  const tier = readTier(token, tierKeys);
  const tenant = readTenant(token, options);
  const found = findKey(tierKeys[tier] ?? null, tenant);
  if ('closed' in found) {
    const { requestId } = event.requestContext;
    logger.info('the token opens nothing', { requestId, tier, reason: found.closed });
  }
  const key = 'key' in found ? found.key : undefined;
  const sub = qualify(token, token.claims.sub, options);
  const claims = readClaims(token, options);
  return {
    principalId: sub,
    policyDocument: buildPolicy(event.methodArn, key === undefined ? [] : scopes, scopeRoutes),
    context: {
      sub,
      tier,
      scopes: scopes.join(' '),
      exp: String(Math.floor(token.claims.exp)),
      ...(tenant !== undefined && { tenant }),
      ...(Object.keys(claims).length > 0 && { claims: JSON.stringify(claims) }),
    },
    ...(key === undefined ? {} : { usageIdentifierKey: key }),
  };
}

function findKey(
  tierKey: TierKeys[string],
  tenant: string | undefined,
): { readonly key: string } | { readonly closed: string } {
  if (tierKey === null) return { closed: 'the tier is closed' };
  if (typeof tierKey === 'string') return { key: tierKey };
  if (tenant !== undefined) return { key: tenantKey(tierKey, tenant) };
  return { closed: 'the tier has a key for each tenant, and the token names no tenant' };
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
