import { constants, createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { optionalText, requiredText } from '../member-constraints.ts';
import { bytesOf, keyIdOf } from './encryption-operations.ts';
import { type KeyMaterial, spki } from './key-material.ts';
import { hashOf, KEY_SPECS } from './key-spec.ts';
import type { KeyStore } from './key-store.ts';
import { invalidMac, invalidSignature, invalidUsage, kmsInvalid } from './kms-error.ts';
import type { KeyPair, KmsKey } from './kms-key.ts';
import { signDigest, verifyDigest } from './prehashed-ecdsa.ts';
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from './prehashed-rsa.ts';

const MESSAGE_MAX = 4_096;
const SIGNATURE_MAX = 6_144;
const DIGEST_BYTES: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };

interface ToSign {
  readonly message: Buffer;
  readonly isDigest: boolean;
  readonly algorithm: string;
}

/** Signatures, public keys and message authentication codes. */
export function signingOperations(store: KeyStore, material: KeyMaterial): AwsService {
  const macOf = (
    input: Input,
    operation: string,
  ): { readonly key: KmsKey; readonly mac: Buffer; readonly algorithm: string } => {
    const message = bytesOf(input, 'Message', MESSAGE_MAX);
    const key = store.usable(keyIdOf(input), 'GENERATE_VERIFY_MAC', operation);
    const algorithm = requiredText(input, 'MacAlgorithm');
    checkAlgorithm(key, algorithm, KEY_SPECS[key.spec]?.mac);
    const { secret } = material.newestSecret(key);
    return { key, mac: createHmac(hashOf(algorithm), secret).update(message).digest(), algorithm };
  };
  const signed = (input: Input, operation: string): { readonly key: KmsKey; readonly toSign: ToSign } => {
    const message = bytesOf(input, 'Message', MESSAGE_MAX);
    const type = optionalText(input, 'MessageType', { oneOf: ['RAW', 'DIGEST'] }) ?? 'RAW';
    const key = store.usable(keyIdOf(input), 'SIGN_VERIFY', operation);
    const algorithm = requiredText(input, 'SigningAlgorithm');
    checkAlgorithm(key, algorithm, KEY_SPECS[key.spec]?.signing);
    const isDigest = type === 'DIGEST';
    if (isDigest && message.length !== DIGEST_BYTES[hashOf(algorithm)]) {
      throw kmsInvalid(`Digest is invalid length for algorithm ${algorithm}.`);
    }
    return { key, toSign: { message, isDigest, algorithm } };
  };
  return {
    Sign: async (input) => {
      const { key, toSign } = signed(input, 'Sign');
      const signature = signWith(await material.pair(key), toSign);
      return { KeyId: key.arn, Signature: signature.toString('base64'), SigningAlgorithm: toSign.algorithm };
    },
    Verify: async (input) => {
      const signature = bytesOf(input, 'Signature', SIGNATURE_MAX);
      const { key, toSign } = signed(input, 'Verify');
      if (!verifyWith(await material.pair(key), toSign, signature)) throw invalidSignature();
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: toSign.algorithm };
    },
    GetPublicKey: async (input) => {
      const key = store.key(keyIdOf(input));
      store.checkState(key);
      const spec = KEY_SPECS[key.spec];
      if (spec?.kind !== 'rsa' && spec?.kind !== 'ec') {
        throw invalidUsage(`${key.arn} is a key of the spec ${key.spec}, which has no public key.`);
      }
      const { publicKey } = await material.pair(key);
      const isSigning = key.usage === 'SIGN_VERIFY';
      return {
        KeyId: key.arn,
        PublicKey: spki(publicKey).toString('base64'),
        KeySpec: key.spec,
        CustomerMasterKeySpec: key.spec,
        KeyUsage: key.usage,
        ...(isSigning ? { SigningAlgorithms: spec.signing } : { EncryptionAlgorithms: spec.encryption }),
      };
    },
    GenerateMac: (input) => {
      const { key, mac, algorithm } = macOf(input, 'GenerateMac');
      return { KeyId: key.arn, Mac: mac.toString('base64'), MacAlgorithm: algorithm };
    },
    VerifyMac: (input) => {
      const { key, mac, algorithm } = macOf(input, 'VerifyMac');
      const given = bytesOf(input, 'Mac', SIGNATURE_MAX);
      if (given.length !== mac.length || !timingSafeEqual(given, mac)) throw invalidMac();
      return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm };
    },
  };
}

function checkAlgorithm({ spec }: KmsKey, algorithm: string, known: readonly string[] | undefined): void {
  if (!known?.includes(algorithm)) throw invalidUsage(`Algorithm ${algorithm} and key spec ${spec} are incompatible.`);
}

/** PSS with a salt as long as the digest. ECDSA signatures are DER. */
function padding(algorithm: string): { readonly padding?: number; readonly saltLength?: number } {
  if (algorithm.startsWith('ECDSA')) return {};
  if (!algorithm.includes('PSS')) return { padding: constants.RSA_PKCS1_PADDING };
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

function signWith({ privateKey }: KeyPair, { message, isDigest, algorithm }: ToSign): Buffer {
  const hash = hashOf(algorithm);
  if (!isDigest) return sign(hash, message, { key: privateKey, ...padding(algorithm) });
  if (algorithm.startsWith('ECDSA')) return signDigest(privateKey, message);
  return algorithm.includes('PSS') ? signPss(privateKey, hash, message) : signPkcs1(privateKey, hash, message);
}

function verifyWith({ publicKey }: KeyPair, { message, isDigest, algorithm }: ToSign, signature: Buffer): boolean {
  const hash = hashOf(algorithm);
  if (!isDigest) return verify(hash, message, { key: publicKey, ...padding(algorithm) }, signature);
  if (algorithm.startsWith('ECDSA')) return verifyDigest(publicKey, message, signature);
  const check = algorithm.includes('PSS') ? verifyPss : verifyPkcs1;
  return check(publicKey, hash, message, signature);
}
