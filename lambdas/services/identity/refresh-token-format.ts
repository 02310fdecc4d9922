import { createHash, randomBytes } from 'node:crypto';

const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;
/** 16 and 32 bytes in base64url without padding. */
const PATTERN = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** A refresh token in the two forms there are: what the client keeps, and what we keep of it. */
export interface NewRefreshToken {
  /** `<familyId>.<secret>`. */
  readonly token: string;
  /** SHA-256 in hex. The secret is 256 random bits, so a plain hash cannot be searched: no salt, no scrypt. */
  readonly secretHash: string;
}

/** The id of a new family: 128 random bits, since whoever names a family with a wrong secret ends it. */
export function createFamilyId(): string {
  return randomBytes(FAMILY_BYTES).toString('base64url');
}

export function createRefreshToken(familyId: string): NewRefreshToken {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { token: `${familyId}.${secret}`, secretHash: sha256(secret) };
}

/** The family and the secret's hash, or undefined for a text that was never a refresh token. */
export function parseRefreshToken(token: string): { familyId: string; secretHash: string } | undefined {
  const [, familyId, secret] = PATTERN.exec(token) ?? [];
  return familyId === undefined || secret === undefined ? undefined : { familyId, secretHash: sha256(secret) };
}

function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
