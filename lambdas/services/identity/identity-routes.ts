import type { KeySource } from '../../adapters/key-source.ts';
import { LoginRequest, RefreshRequest, SignupRequest } from '../../contract/identity.ts';
import { parseOrReject } from '../../middleware/parse.ts';
import type { RouteHandler } from '../../middleware/route-request.ts';
import { jsonWebKeySet } from './json-web-key-set.ts';
import { type LogInDependencies, logIn } from './log-in.ts';
import { openIdConfiguration } from './openid-configuration.ts';
import { type RefreshDependencies, refreshToken } from './refresh-token.ts';
import { type SignUpDependencies, signUp } from './sign-up.ts';

export interface IdentityDependencies extends SignUpDependencies, LogInDependencies, RefreshDependencies {
  readonly verificationKeys: KeySource;
  readonly issuer: string;
}

/** Tokens must not be kept by anything between us and the client (RFC 6749, section 5.1). */
const NO_STORE = { 'Cache-Control': 'no-store' };
/** A verifier that meets an unknown `kid` asks again at once, so a new key need not wait for this. */
const PUBLIC_FOR_5_MINUTES = { 'Cache-Control': 'public, max-age=300' };

/** What the identity service answers on each of its routes. */
export function identityRoutes(dependencies: IdentityDependencies): Readonly<Record<string, RouteHandler>> {
  const { verificationKeys, issuer, clock } = dependencies;
  return {
    'POST /signup': async ({ body }) => ({
      statusCode: 201,
      headers: NO_STORE,
      body: await signUp(dependencies, parseOrReject(SignupRequest, body)),
    }),
    'POST /login': async ({ body }) => ({
      statusCode: 200,
      headers: NO_STORE,
      body: await logIn(dependencies, parseOrReject(LoginRequest, body)),
      // Only failures use up what the limits of the route allow: whoever knows the password is not slowed down.
      cost: 0,
    }),
    'POST /token/refresh': async ({ body }) => ({
      statusCode: 200,
      headers: NO_STORE,
      body: await refreshToken(dependencies, parseOrReject(RefreshRequest, body)),
    }),
    'GET /.well-known/jwks.json': async () => {
      const keySet = await jsonWebKeySet(verificationKeys, clock);
      // Before the first rotation there is no key; nobody should remember that.
      return { statusCode: 200, headers: keySet.keys.length > 0 ? PUBLIC_FOR_5_MINUTES : NO_STORE, body: keySet };
    },
    'GET /.well-known/openid-configuration': async () => ({
      statusCode: 200,
      headers: PUBLIC_FOR_5_MINUTES,
      body: openIdConfiguration(issuer),
    }),
  };
}
