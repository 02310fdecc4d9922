import type { AccountsTable } from '../../adapters/accounts-table.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { PasswordHasher } from '../../adapters/password-hash.ts';
import type { SessionsTable } from '../../adapters/sessions-table.ts';
import type { LoginRequest, TokenResponse } from '../../contract/identity.ts';
import { ServiceError } from '../../errors/service-error.ts';
import type { AccessTokens } from './access-token.ts';
import { normalizeEmail } from '../../contract/normalize-email.ts';
import { createFamilyId, createRefreshToken } from './refresh-token-format.ts';
import { tokenResponse } from './token-response.ts';

export interface LogInDependencies {
  readonly accounts: AccountsTable;
  readonly sessions: SessionsTable;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  /** Life of a refresh token family, however often it is refreshed. */
  readonly familySeconds: number;
  readonly clock: Clock;
}

/**
 * Starts a session. An unknown address and a wrong password get the same answer, 401 `invalid-credentials`, after the
 * same work: one read and one scrypt.
 */
export async function logIn(
  { accounts, sessions, passwords, accessTokens, familySeconds, clock }: LogInDependencies,
  request: LoginRequest,
): Promise<TokenResponse> {
  const account = await accounts.find(normalizeEmail(request.email));
  const matches = await passwords.verify(request.password, account?.passwordHash ?? passwords.dummyHash);
  if (account === undefined || !matches) {
    throw new ServiceError('invalid-credentials', 'e-mail address or password is wrong', {
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  const { userId, email } = account;
  const accessToken = await accessTokens.sign(account);
  const familyId = createFamilyId();
  const { token, secretHash } = createRefreshToken(familyId);
  const nowMs = clock.now();
  await sessions.create({
    familyId,
    userId,
    email,
    secretHash,
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: Math.floor(nowMs / 1_000) + familySeconds,
  });
  return tokenResponse(accessTokens, accessToken, token);
}
