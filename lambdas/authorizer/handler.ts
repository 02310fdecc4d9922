import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import * as v from 'valibot';
import { systemClock } from '../adapters/clock.ts';
import { createDocumentClient } from '../adapters/document-client.ts';
import { createJwksEndpoint } from '../adapters/jwks-endpoint.ts';
import type { KeySource } from '../adapters/key-source.ts';
import { createLogger } from '../adapters/logger.ts';
import { parseVariable, readVariable } from '../adapters/read-environment.ts';
import { createVerificationKeys } from '../adapters/verification-keys.ts';
import { Env } from '../contract/environment.ts';
import { type IssuerSpec, IssuerSpecs } from '../contract/issuer-spec.ts';
import { ScopeRoutes } from '../contract/scope-routes.ts';
import { TierKeys } from '../contract/tier-spec.ts';
import { authorizeRequest } from './authorize-request.ts';
import { KeySet } from './key-set.ts';
import { TokenRejected } from './token-rejected.ts';
import { createTokenVerifier } from './verify-token.ts';

/** Reasons quote the token, which strangers write at will. */
const REASON_MAX_LENGTH = 200;

const ClaimNames = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

const { env } = process;
const logger = createLogger('authorizer');
const issuers = parseVariable(env, Env.ISSUERS, IssuerSpecs);
const options = {
  verifyToken: createTokenVerifier(
    issuers.map((spec) => ({ spec, keys: new KeySet({ source: keySource(spec), clock: systemClock }) })),
    systemClock,
  ),
  scopeRoutes: parseVariable(env, Env.SCOPE_ROUTES, ScopeRoutes),
  tierKeys: parseVariable(env, Env.TIER_KEYS, TierKeys),
  qualifyNames: issuers.length > 1,
  claimNames: env[Env.CLAIMS] === undefined ? [] : parseVariable(env, Env.CLAIMS, ClaimNames),
  logger,
};

/** REQUEST authorizer of the API. API Gateway answers 401 to this one message, and 500 to every other error. */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  try {
    return await authorizeRequest(event, options);
  } catch (error) {
    const { requestId } = event.requestContext;
    if (!(error instanceof TokenRejected)) {
      logger.error('the token cannot be judged', { requestId, error: error instanceof Error ? error : String(error) });
      throw error;
    }
    logger.info('the token was rejected', { requestId, reason: error.message.slice(0, REASON_MAX_LENGTH) });
    throw new Error('Unauthorized');
  }
}

function keySource({ jwksUri }: IssuerSpec): KeySource {
  if (jwksUri !== undefined) return createJwksEndpoint(jwksUri);
  return createVerificationKeys(createDocumentClient(), readVariable(env, Env.VERIFICATION_KEYS_TABLE));
}
