import type { OpenIdConfiguration } from '../../contract/identity.ts';
import { SCOPES } from '../../contract/scopes.ts';

/**
 * OpenID Connect Discovery 1.0, as far as it is true here: people log in with JSON at `/login`, so there is no
 * authorization endpoint and no response type, and the token endpoint knows the refresh grant alone.
 */
export function openIdConfiguration(issuer: string): OpenIdConfiguration {
  const base = issuer.replace(/\/+$/, '');
  return {
    issuer,
    jwks_uri: `${base}/.well-known/jwks.json`,
    token_endpoint: `${base}/token/refresh`,
    grant_types_supported: ['refresh_token'],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: Object.keys(SCOPES),
    claims_supported: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'scope', 'tier', 'tenant'],
  };
}
