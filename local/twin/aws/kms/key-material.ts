import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { KEY_SPECS, type KeySpec } from './key-spec.ts';
import type { KeyStore } from './key-store.ts';
import type { KeyPair, KmsKey } from './kms-key.ts';

const generate = promisify(generateKeyPair);
const DAY_MS = 86_400_000;

/** The secrets behind the keys: made at their first use, kept with the key, and parsed once. */
export class KeyMaterial {
  readonly #store: KeyStore;
  readonly #nowMs: () => number;
  readonly #pairs = new Map<string, Promise<KeyPair>>();

  constructor(store: KeyStore, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  /** The newest secret of a symmetric or HMAC key, and its number. An automatic rotation that is due happens now. */
  newestSecret(key: KmsKey): { readonly secret: Buffer; readonly number: number } {
    const { rotation, materials } = key;
    const isDue = rotation && this.#nowMs() >= rotation.lastMs + rotation.periodDays * DAY_MS;
    if (materials.length === 0 || isDue) this.rotate(key);
    const number = materials.length - 1;
    return { secret: Buffer.from(materials[number] ?? '', 'base64'), number };
  }

  /** An older one; `undefined` where there is none of the number. */
  secret(key: KmsKey, number: number): Buffer | undefined {
    const material = key.materials[number];
    return material === undefined ? undefined : Buffer.from(material, 'base64');
  }

  /** Adds a secret; ciphertexts name the one that they were made with. */
  rotate(key: KmsKey): void {
    key.materials.push(randomBytes(KEY_SPECS[key.spec]?.size ?? 32).toString('base64'));
    if (key.rotation) key.rotation.lastMs = this.#nowMs();
    this.#store.changed(key);
  }

  pair(key: KmsKey): Promise<KeyPair> {
    const known = this.#pairs.get(key.id);
    if (known) return known;
    const pair = this.#openPair(key);
    this.#pairs.set(key.id, pair);
    return pair;
  }

  async #openPair(key: KmsKey): Promise<KeyPair> {
    const [kept] = key.materials;
    if (kept !== undefined) {
      const privateKey = createPrivateKey({ key: Buffer.from(kept, 'base64'), format: 'der', type: 'pkcs8' });
      return { privateKey, publicKey: createPublicKey(privateKey) };
    }
    const pair = await generatePair(KEY_SPECS[key.spec]);
    key.materials.push(pkcs8(pair.privateKey).toString('base64'));
    this.#store.changed(key);
    return pair;
  }
}

/** A pair of a key spec; without one, of P-256. */
export function generatePair(spec: KeySpec | undefined): Promise<KeyPair> {
  return spec?.kind === 'rsa'
    ? generate('rsa', { modulusLength: spec.size })
    : generate('ec', { namedCurve: spec?.curve ?? 'prime256v1' });
}

/** A private key as it is kept and exported, in DER. */
export function pkcs8(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' });
}

/** A public key as GetPublicKey answers it, in DER. */
export function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}
