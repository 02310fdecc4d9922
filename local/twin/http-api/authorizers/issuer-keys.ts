import { type CryptoKey, importJWK, type JWK } from 'jose';

/** API Gateway keeps an issuer's keys for two hours (developer guide, "Control access to HTTP APIs with JWT authorizers"). */
const KEYS_TTL_MS = 2 * 60 * 60 * 1_000;
/** A token with an unknown key id makes the keys be read anew, but not more often than this. */
const REFRESH_MIN_MS = 60_000;
/** After a failure. */
const RETRY_MIN_MS = 1_000;
/** API Gateway waits 1,500 ms; an issuer that is a function of this twin may have to start first. */
const FETCH_TIMEOUT_MS = 10_000;

export interface IssuerKeysOptions {
  /** As the template has it. */
  readonly issuer: string;
  /** Turns the deployed address of an API of this twin into its local one; leaves others alone. */
  readonly localize: (url: string) => string;
  readonly nowMs: () => number;
}

/** The published keys of an issuer, found by its OpenID configuration. */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys = new Map<string, JWK>();
  #imported = new Map<string, CryptoKey>();
  #readAtMs = Number.NEGATIVE_INFINITY;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** The key of an id, or why there is none. */
  async find(kid: string, algorithm: string): Promise<CryptoKey | string> {
    const ageMs = this.#options.nowMs() - this.#readAtMs;
    if (ageMs >= KEYS_TTL_MS || (!this.#keys.has(kid) && ageMs >= REFRESH_MIN_MS)) await this.#refresh();
    const jwk = this.#keys.get(kid);
    if (jwk === undefined) {
      return this.#readAtMs < 0 ? 'OIDC discovery endpoint communication error' : 'the token has an unknown key id';
    }
    const name = `${kid} ${algorithm}`;
    const known = this.#imported.get(name);
    if (known !== undefined) return known;
    const key = await importJWK(jwk, algorithm);
    if (key instanceof Uint8Array) return 'the key of the token is not an RSA public key';
    this.#imported.set(name, key);
    return key;
  }

  async #refresh(): Promise<void> {
    if (this.#options.nowMs() - this.#failedAtMs < RETRY_MIN_MS) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Keys that were read before stay in use while the issuer does not answer. */
  async #read(): Promise<void> {
    const { issuer, localize, nowMs } = this.#options;
    try {
      const configuration = await fetchJson(localize(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
      const { keys } = await fetchJson(localize(String(configuration.jwks_uri)));
      const list = (Array.isArray(keys) ? keys : []) as JWK[];
      this.#keys = new Map(list.flatMap((jwk) => (jwk.kid === undefined ? [] : [[jwk.kid, jwk] as const])));
      this.#imported = new Map();
      this.#readAtMs = nowMs();
    } catch {
      this.#failedAtMs = nowMs();
    }
  }
}

async function fetchJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}
