import type { AccountsTable } from '../../adapters/accounts-table.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { PasswordHasher } from '../../adapters/password-hash.ts';
import type { SessionsTable } from '../../adapters/sessions-table.ts';
import type { TenantsTable } from '../../adapters/tenants-table.ts';
import type { LoginRequest, TokenResponse } from '../../contract/identity.ts';
import { normalizeEmail } from '../../contract/normalize-email.ts';
import { ServiceError } from '../../errors/service-error.ts';
import type { AccessTokens } from './access-token.ts';
import { createFamilyId, createRefreshToken } from './refresh-token-format.ts';
import { tokenResponse } from './token-response.ts';
import { tokenSubject } from './token-subject.ts';

export interface LogInDependencies {
  readonly accounts: AccountsTable;
  readonly sessions: SessionsTable;
  readonly tenants: Pick<TenantsTable, 'find'>;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  /** Life of a refresh token family, however often it is refreshed. */
  readonly familySeconds: number;
  readonly clock: Clock;
}

/**
 * Starts a session. An unknown address and a wrong password get the same answer, 401 `invalid-credentials`, after the
 * same work: one read and one scrypt. What else there is to read about an account is read once the password was right.
 *
 * Failures are counted before, by the limits of the route: by address as it was typed and by network, whether there is an
 * account or not. So an account that is locked by too many failures looks exactly like an unknown one.
 */
export async function logIn(
  { accounts, sessions, tenants, passwords, accessTokens, familySeconds, clock }: LogInDependencies,
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
  const accessToken = await accessTokens.sign(await tokenSubject(tenants, account));
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
