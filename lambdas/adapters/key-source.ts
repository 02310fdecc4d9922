import type { JWK } from 'jose';

/** A public key as its issuer publishes it. */
export interface PublishedKey {
  readonly kid: string;
  readonly jwk: JWK;
  /** From then on it verifies nothing any more; in seconds since the epoch. */
  readonly expiresAtSeconds?: number | undefined;
}

/** Where the keys of one issuer come from. Rejects when they cannot be read. */
export interface KeySource {
  load(): Promise<readonly PublishedKey[]>;
}
