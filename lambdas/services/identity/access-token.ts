import { SignJWT } from 'jose';
import type { Clock } from '../../adapters/clock.ts';
import type { IdGenerator } from '../../adapters/id-generator.ts';
import { grantedScopes } from '../../contract/scopes.ts';
import type { LoadedSigningKey } from './signing-key.ts';
import type { TokenSubject } from './token-subject.ts';

export interface AccessTokenOptions {
  /** The key to sign with, asked for each token. */
  readonly signingKey: () => Promise<LoadedSigningKey>;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
}

/** Signs access tokens of one issuer. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  sign(subject: TokenSubject): Promise<string>;
}

export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { signingKey, issuer, audience, lifetimeSeconds, nextId, clock } = options;
  return {
    lifetimeSeconds,
    async sign({ userId, tier, isAdministrator, tenant }) {
      const { kid, privateKey } = await signingKey();
      const issuedAt = Math.floor(clock.now() / 1_000);
      return (
        new SignJWT({
          scope: grantedScopes(isAdministrator).join(' '),
          tier,
          ...(tenant !== undefined && { tenant }),
        })
          // Not `at+jwt`: RFC 9068 demands a client_id, and there are no clients here, only users.
          .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject(userId)
          .setIssuedAt(issuedAt)
          .setExpirationTime(issuedAt + lifetimeSeconds)
          .setJti(nextId())
          .sign(privateKey)
      );
    },
  };
}
