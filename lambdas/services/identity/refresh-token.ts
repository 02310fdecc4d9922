import type { AccountsTable } from '../../adapters/accounts-table.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { SessionsTable } from '../../adapters/sessions-table.ts';
import type { TenantsTable } from '../../adapters/tenants-table.ts';
import type { RefreshRequest, TokenResponse } from '../../contract/identity.ts';
import { ServiceError } from '../../errors/service-error.ts';
import type { AccessTokens } from './access-token.ts';
import { createRefreshToken, parseRefreshToken } from './refresh-token-format.ts';
import { tokenResponse } from './token-response.ts';
import { tokenSubject } from './token-subject.ts';

export interface RefreshDependencies {
  readonly accounts: AccountsTable;
  readonly sessions: SessionsTable;
  readonly tenants: Pick<TenantsTable, 'find'>;
  readonly accessTokens: AccessTokens;
  readonly clock: Clock;
  readonly logger: ServiceLogger;
}

/**
 * Replaces a refresh token, which is good for one use, by a new one of the same family. A second use means that two
 * parties hold it, and we cannot know which is the thief: the family is revoked and both must log in again (RFC 9700,
 * section 4.14.2). That includes two concurrent uses, so a client must not refresh twice at once. Every refusal is the
 * same 401 `invalid-refresh-token`.
 *
 * The rotation is the last step: whatever else can fail has succeeded by then, so that an error leaves the client with a
 * token that still works.
 */
export async function refreshToken(
  { accounts, sessions, tenants, accessTokens, clock, logger }: RefreshDependencies,
  request: RefreshRequest,
): Promise<TokenResponse> {
  const presented = parseRefreshToken(request.refresh_token);
  if (presented === undefined) throw invalidRefreshToken();
  const { familyId, secretHash: fromHash } = presented;
  const nowMs = clock.now();
  const nowSeconds = Math.floor(nowMs / 1_000);

  const session = await sessions.find(familyId);
  if (session === undefined || session.revokedAt !== undefined || session.expiresAt <= nowSeconds) {
    throw invalidRefreshToken();
  }
  const revoke = async () => {
    await sessions.revoke(familyId, new Date(nowMs).toISOString());
    logger.warn('a refresh token was used twice; its family is revoked', { userId: session.userId });
  };
  if (session.secretHash !== fromHash) {
    await revoke();
    throw invalidRefreshToken();
  }

  // Read again at every refresh, so that a change of tier, tenant or rights takes effect within the life of one access token.
  const account = await accounts.find(session.email);
  if (account === undefined || account.userId !== session.userId) throw invalidRefreshToken();
  const accessToken = await accessTokens.sign(await tokenSubject(tenants, account));

  const next = createRefreshToken(familyId);
  if (!(await sessions.rotate({ familyId, fromHash, toHash: next.secretHash, nowSeconds }))) {
    await revoke();
    throw invalidRefreshToken();
  }
  return tokenResponse(accessTokens, accessToken, next.token);
}

function invalidRefreshToken(): ServiceError {
  return new ServiceError('invalid-refresh-token', 'the refresh token is not valid; log in again', {
    statusCode: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}
