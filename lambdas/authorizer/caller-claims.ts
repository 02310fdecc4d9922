import { createHash } from 'node:crypto';
import type { VerifiedToken } from './verify-token.ts';

/** API Gateway takes 8 KB of an authorizer's answer, and passes the context on with each request. */
const VALUE_MAX_LENGTH = 256;

/** Which claims are read, and how. */
export interface ClaimOptions {
  /**
   * Whether what names somebody is written as `<issuer>|<name>` where it comes from an outside issuer. Names are unique
   * within their issuer only: with several issuers, one could otherwise name a user or a tenant of another.
   */
  readonly qualifyNames: boolean;
  /** Claims that limits count by. */
  readonly claimNames: readonly string[];
}

/** A name of a token's issuer, as it is unique among all issuers. */
export function qualify({ issuer }: VerifiedToken, name: string, { qualifyNames }: ClaimOptions): string {
  return qualifyNames && issuer.jwksUri !== undefined ? `${issuer.issuer}|${name}` : name;
}

/** The tenant that a token names, if it does. A number is taken for what it says; what is neither it nor text names nobody. */
export function readTenant(token: VerifiedToken, options: ClaimOptions): string | undefined {
  const name = toText(token.claims[token.issuer.tenantClaim]);
  return name === undefined ? undefined : qualify(token, name, options);
}

/**
 * The claims that limits count by, as text; those that the token has not, or that are lists or objects, are left out. They
 * are qualified as subjects are: what one issuer says must not use up what another's users have.
 */
export function readClaims(token: VerifiedToken, options: ClaimOptions): Record<string, string> {
  return Object.fromEntries(
    options.claimNames.flatMap((name) => {
      const value = Object.hasOwn(token.claims, name) ? toText(token.claims[name]) : undefined;
      return value === undefined ? [] : [[name, shortened(qualify(token, value, options))]];
    }),
  );
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A limit only asks whether two values are the same, and a digest says as much. */
function shortened(value: string): string {
  return value.length <= VALUE_MAX_LENGTH ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
