import { type CryptoKey, importJWK } from 'jose';
import type { Clock } from '../adapters/clock.ts';
import type { KeySource, PublishedKey } from '../adapters/key-source.ts';
import type { SignatureAlgorithm } from '../contract/issuer-spec.ts';

/** No keys were ever read, so that no token can be judged. */
export class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('the keys of the issuer cannot be read', { cause });
    this.name = 'KeysUnavailable';
  }
}

/** Times in ms. */
export interface KeySetOptions {
  readonly source: KeySource;
  readonly clock: Clock;
  /** @default 300000 */
  readonly freshForMs?: number;
  /** Between two reads for an unknown key, or after a failed one. @default 30000 */
  readonly cooldownMs?: number;
}

/** After a failure with nothing to fall back on: nobody can be let in before, so try again soon. */
const RETRY_EMPTY_MS = 1_000;

/** A secret (`oct`) is not a public key, whatever an issuer publishes. */
const PUBLIC_KEY_TYPES = new Set(['EC', 'RSA', 'OKP']);

interface LoadedKey extends PublishedKey {
  /** Imported keys by algorithm, `undefined` where the key does not fit it. */
  readonly imported: Map<SignatureAlgorithm, Promise<CryptoKey | undefined>>;
}

/**
 * The keys of one issuer, read when first needed, again after `freshForMs`, and once per `cooldownMs` for a key that is
 * not among them, so that strangers' tokens cannot make it hammer the source. While the source is down the keys that it
 * last gave keep serving. At most one read is under way.
 */
export class KeySet {
  readonly #options: Required<KeySetOptions>;
  #keys: ReadonlyMap<string, LoadedKey> | undefined;
  #loading: Promise<void> | undefined;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #searchedAtMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(options: KeySetOptions) {
    this.#options = { freshForMs: 300_000, cooldownMs: 30_000, ...options };
  }

  /**
   * The key, ready to verify with, or undefined for one that is unknown, expired, or made for something else.
   * @throws KeysUnavailable when no keys were ever read.
   */
  async find(kid: string, algorithm: SignatureAlgorithm): Promise<CryptoKey | undefined> {
    const now = this.#options.clock.now();
    const due = now - this.#loadedAtMs >= this.#options.freshForMs && !this.#failedLately(now);
    if (due || this.#loading !== undefined) await this.#load();
    if (!this.#keys?.has(kid) && !due && this.#maySearch(now)) {
      this.#searchedAtMs = now;
      await this.#load();
    }
    if (this.#keys === undefined) throw new KeysUnavailable(this.#failure);
    return this.#importKey(this.#keys.get(kid), algorithm);
  }

  #maySearch(now: number): boolean {
    return this.#keys !== undefined && now - this.#searchedAtMs >= this.#options.cooldownMs && !this.#failedLately(now);
  }

  #failedLately(now: number): boolean {
    return now - this.#failedAtMs < (this.#keys === undefined ? RETRY_EMPTY_MS : this.#options.cooldownMs);
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<void> {
    const { source, clock } = this.#options;
    try {
      const published = await source.load();
      this.#keys = new Map(published.map((key) => [key.kid, this.#keepImported(key)]));
      this.#loadedAtMs = clock.now();
    } catch (error) {
      this.#failure = error;
      this.#failedAtMs = clock.now();
    }
  }

  /** A key that was there before and has not changed stays imported. */
  #keepImported(key: PublishedKey): LoadedKey {
    const before = this.#keys?.get(key.kid);
    const unchanged = before !== undefined && JSON.stringify(before.jwk) === JSON.stringify(key.jwk);
    return { ...key, imported: unchanged ? before.imported : new Map() };
  }

  async #importKey(key: LoadedKey | undefined, algorithm: SignatureAlgorithm): Promise<CryptoKey | undefined> {
    if (key === undefined || this.#isExpired(key)) return undefined;
    const imported = key.imported.get(algorithm) ?? importPublicKey(key, algorithm);
    key.imported.set(algorithm, imported);
    return imported;
  }

  #isExpired({ expiresAtSeconds }: PublishedKey): boolean {
    return expiresAtSeconds !== undefined && this.#options.clock.now() >= expiresAtSeconds * 1_000;
  }
}

async function importPublicKey({ jwk }: PublishedKey, algorithm: SignatureAlgorithm): Promise<CryptoKey | undefined> {
  const fits =
    PUBLIC_KEY_TYPES.has(jwk.kty ?? '') && (jwk.use ?? 'sig') === 'sig' && (jwk.alg ?? algorithm) === algorithm;
  if (!fits) return undefined;
  try {
    const key = await importJWK(jwk, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    // Published, but on another curve than the algorithm is for, say.
    return undefined;
  }
}
