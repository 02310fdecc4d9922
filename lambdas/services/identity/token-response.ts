import type { TokenResponse } from '../../contract/identity.ts';
import type { AccessTokens } from './access-token.ts';

/** The answer of login and refresh, in the form of RFC 6749, section 5.1. */
export function tokenResponse(
  { lifetimeSeconds }: AccessTokens,
  accessToken: string,
  refreshToken: string,
): TokenResponse {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    refresh_token: refreshToken,
  };
}
