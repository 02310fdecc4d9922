import type { AccountsTable } from '../../adapters/accounts-table.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import type { PasswordHasher } from '../../adapters/password-hash.ts';
import type { SignupRequest, SignupResponse } from '../../contract/identity.ts';
import { normalizeEmail } from '../../contract/normalize-email.ts';
import { DEFAULT_TIER } from '../../contract/tier-spec.ts';
import { ServiceError } from '../../errors/service-error.ts';

export interface SignUpDependencies {
  readonly accounts: AccountsTable;
  readonly passwords: PasswordHasher;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
}

/**
 * Creates an account of the default tier. Of any number of concurrent sign-ups of one address exactly one succeeds; the
 * others get 409 `email-taken`.
 *
 * The 409 tells anybody that an address has an account. The way to hide it is to answer every sign-up alike and to
 * confirm by e-mail; the system sends no e-mail, and whoever signs up may log in at once, which tells as much whatever the
 * answer was. So we tell, and bound how fast one can ask: by the route's limits per network and per address, and because
 * the password is hashed first, whether the address is taken or not.
 */
export async function signUp(
  { accounts, passwords, nextId, clock }: SignUpDependencies,
  request: SignupRequest,
): Promise<SignupResponse> {
  const email = normalizeEmail(request.email);
  const userId = nextId();
  const account = {
    email,
    userId,
    passwordHash: await passwords.hash(request.password),
    tier: DEFAULT_TIER,
    createdAt: new Date(clock.now()).toISOString(),
  };
  if (!(await accounts.claim(account))) {
    throw new ServiceError('email-taken', `an account with the address ${email} exists already`, { statusCode: 409 });
  }
  return { user: { id: userId, email, tier: account.tier } };
}
