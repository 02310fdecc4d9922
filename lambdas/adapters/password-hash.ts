import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** scrypt's cost: N = 2^log2N rounds over blocks of 128·r bytes, p times. Memory is 128·N·r bytes. */
export interface ScryptCost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2^17 (128 MiB), r = 8, p = 1. */
export const OWASP_SCRYPT: ScryptCost = { log2N: 17, r: 8, p: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const ENCODED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);

export interface PasswordHasher {
  /** Encodes in PHC string format, parameters included, so that the cost can be raised while old hashes still verify. */
  hash(password: string): Promise<string>;
  /** False also for an encoding that is not ours. */
  verify(password: string, encoded: string): Promise<boolean>;
  /** A hash that no password has, at the current cost: verifying against it takes as long as against a real one. */
  readonly dummyHash: string;
}

export function createPasswordHasher(cost: ScryptCost = OWASP_SCRYPT): PasswordHasher {
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return encode(cost, salt, await derive(password, salt, cost, HASH_BYTES));
    },
    async verify(password, encoded) {
      const [, log2N, r, p, salt, hash] = ENCODED.exec(encoded) ?? [];
      if (salt === undefined || hash === undefined) return false;
      const expected = Buffer.from(hash, 'base64');
      const stored = { log2N: Number(log2N), r: Number(r), p: Number(p) };
      const actual = await derive(password, Buffer.from(salt, 'base64'), stored, expected.length);
      return timingSafeEqual(actual, expected);
    },
    // Random bytes in place of a derived key: finding a password for them is finding a preimage.
    dummyHash: encode(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES)),
  };
}

function derive(password: string, salt: Buffer, { log2N, r, p }: ScryptCost, bytes: number): Promise<Buffer> {
  const N = 2 ** log2N;
  // One password typed on two systems may arrive composed or decomposed; NFKC makes both the same bytes (RFC 8265).
  // scrypt holds 128·r·(N + p) bytes and a little more, and Node refuses by default above 32 MiB.
  return scryptAsync(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem: 128 * r * (N + p + 2) });
}

function encode({ log2N, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}
