/** What a key of a spec can do, and how its material is made. Developer guide, "Key spec reference". */
export interface KeySpec {
  readonly usages: readonly string[];
  readonly kind: 'symmetric' | 'rsa' | 'ec' | 'hmac';
  /** Bits of an RSA modulus, bytes of a secret. */
  readonly size: number;
  /** Name of the curve, as node:crypto has it. */
  readonly curve?: string;
  readonly encryption?: readonly string[];
  readonly signing?: readonly string[];
  readonly mac?: readonly string[];
}

const OAEP = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];
const RSA_SIGNING = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
];

const rsa = (size: number): KeySpec => ({
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  kind: 'rsa',
  size,
  encryption: OAEP,
  signing: RSA_SIGNING,
});
const ec = (curve: string, size: number, hash: number): KeySpec => ({
  usages: ['SIGN_VERIFY'],
  kind: 'ec',
  size,
  curve,
  signing: [`ECDSA_SHA_${hash}`],
});
const hmac = (hash: number, size: number): KeySpec => ({
  usages: ['GENERATE_VERIFY_MAC'],
  kind: 'hmac',
  size,
  mac: [`HMAC_SHA_${hash}`],
});

export const KEY_SPECS: Readonly<Record<string, KeySpec>> = {
  SYMMETRIC_DEFAULT: { usages: ['ENCRYPT_DECRYPT'], kind: 'symmetric', size: 32, encryption: ['SYMMETRIC_DEFAULT'] },
  RSA_2048: rsa(2_048),
  RSA_3072: rsa(3_072),
  RSA_4096: rsa(4_096),
  ECC_NIST_P256: ec('prime256v1', 32, 256),
  ECC_NIST_P384: ec('secp384r1', 48, 384),
  ECC_NIST_P521: ec('secp521r1', 66, 512),
  ECC_SECG_P256K1: ec('secp256k1', 32, 256),
  HMAC_224: hmac(224, 28),
  HMAC_256: hmac(256, 32),
  HMAC_384: hmac(384, 48),
  HMAC_512: hmac(512, 64),
};

/** `sha256` of `RSASSA_PSS_SHA_256`, `HMAC_SHA_256` and so on. */
export function hashOf(algorithm: string): string {
  return `sha${algorithm.slice(algorithm.lastIndexOf('_') + 1)}`;
}
