import { constants, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { optionalInteger, optionalText, requiredText } from '../member-constraints.ts';
import { type EncryptionContext, readHeader, seal, unseal } from './ciphertext.ts';
import { generatePair, type KeyMaterial, pkcs8, spki } from './key-material.ts';
import { hashOf, KEY_SPECS } from './key-spec.ts';
import type { KeyStore } from './key-store.ts';
import { incorrectKey, invalidCiphertext, invalidUsage, kmsInvalid } from './kms-error.ts';
import type { KmsKey } from './kms-key.ts';

const PLAINTEXT_MAX = 4_096;
const CIPHERTEXT_MAX = 6_144;
const RANDOM_MAX = 1_024;
const DATA_KEY_BYTES: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };

/** Encrypting, decrypting and data keys. */
export function encryptionOperations(store: KeyStore, material: KeyMaterial): AwsService {
  const encrypt = (key: KmsKey, plaintext: Buffer, context: EncryptionContext): string => {
    const { secret, number } = material.newestSecret(key);
    return seal({ keyId: key.id, secretNumber: number }, secret, plaintext, context).toString('base64');
  };
  const encryptWith = async (
    key: KmsKey,
    algorithm: string,
    plaintext: Buffer,
    context: EncryptionContext,
  ): Promise<string> => {
    if (algorithm === 'SYMMETRIC_DEFAULT') return encrypt(key, plaintext, context);
    const { publicKey } = await material.pair(key);
    try {
      return publicEncrypt(
        { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hashOf(algorithm) },
        plaintext,
      ).toString('base64');
    } catch {
      throw kmsInvalid(
        `Plaintext of ${plaintext.length} bytes is too large for ${algorithm} with a key of the spec ${key.spec}.`,
      );
    }
  };
  const decrypt = async (
    input: Input,
    prefix: '' | 'Source',
    operation: string,
  ): Promise<{ readonly key: KmsKey; readonly plaintext: Buffer; readonly algorithm: string }> => {
    const ciphertext = bytesOf(input, 'CiphertextBlob', CIPHERTEXT_MAX);
    const named = optionalText(input, `${prefix}KeyId`, { minLength: 1, maxLength: 2048 });
    const algorithm = optionalText(input, `${prefix}EncryptionAlgorithm`) ?? 'SYMMETRIC_DEFAULT';
    if (algorithm !== 'SYMMETRIC_DEFAULT') {
      if (named === undefined) throw kmsInvalid('KeyId is required to decrypt with an asymmetric KMS key.');
      const key = store.usable(named, 'ENCRYPT_DECRYPT', operation);
      checkAlgorithm(key, algorithm);
      const { privateKey } = await material.pair(key);
      try {
        const options = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hashOf(algorithm) };
        return { key, plaintext: privateDecrypt(options, ciphertext), algorithm };
      } catch {
        throw invalidCiphertext();
      }
    }
    const header = readHeader(ciphertext);
    const key = header && store.find(header.keyId);
    if (!header || !key) throw invalidCiphertext();
    if (named !== undefined && store.key(named).id !== key.id) throw incorrectKey();
    store.checkState(key);
    const secret = material.secret(key, header.secretNumber);
    const plaintext = secret && unseal(ciphertext, secret, contextOf(input, `${prefix}EncryptionContext`));
    if (!plaintext) throw invalidCiphertext();
    return { key, plaintext, algorithm };
  };
  const dataKey = (input: Input, operation: string): Record<string, unknown> => {
    const key = store.usable(keyIdOf(input), 'ENCRYPT_DECRYPT', operation);
    checkAlgorithm(key, 'SYMMETRIC_DEFAULT');
    const plaintext = randomBytes(dataKeyBytes(input));
    const CiphertextBlob = encrypt(key, plaintext, contextOf(input, 'EncryptionContext'));
    return { KeyId: key.arn, CiphertextBlob, Plaintext: plaintext.toString('base64') };
  };
  const dataKeyPair = async (input: Input, operation: string): Promise<Record<string, unknown>> => {
    const key = store.usable(keyIdOf(input), 'ENCRYPT_DECRYPT', operation);
    checkAlgorithm(key, 'SYMMETRIC_DEFAULT');
    const specs = Object.keys(KEY_SPECS).filter((spec) => KEY_SPECS[spec]?.signing !== undefined);
    const KeyPairSpec = requiredText(input, 'KeyPairSpec', { oneOf: specs });
    const pair = await generatePair(KEY_SPECS[KeyPairSpec]);
    const secret = pkcs8(pair.privateKey);
    return {
      KeyId: key.arn,
      KeyPairSpec,
      PublicKey: spki(pair.publicKey).toString('base64'),
      PrivateKeyCiphertextBlob: encrypt(key, secret, contextOf(input, 'EncryptionContext')),
      PrivateKeyPlaintext: secret.toString('base64'),
    };
  };
  return {
    Encrypt: async (input) => {
      const plaintext = bytesOf(input, 'Plaintext', PLAINTEXT_MAX);
      const key = store.usable(keyIdOf(input), 'ENCRYPT_DECRYPT', 'Encrypt');
      const EncryptionAlgorithm = optionalText(input, 'EncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
      checkAlgorithm(key, EncryptionAlgorithm);
      const CiphertextBlob = await encryptWith(
        key,
        EncryptionAlgorithm,
        plaintext,
        contextOf(input, 'EncryptionContext'),
      );
      return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm };
    },
    Decrypt: async (input) => {
      const { key, plaintext, algorithm } = await decrypt(input, '', 'Decrypt');
      return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: algorithm };
    },
    ReEncrypt: async (input) => {
      const source = await decrypt(input, 'Source', 'ReEncrypt');
      const key = store.usable(requiredText(input, 'DestinationKeyId'), 'ENCRYPT_DECRYPT', 'ReEncrypt');
      const DestinationEncryptionAlgorithm =
        optionalText(input, 'DestinationEncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
      checkAlgorithm(key, DestinationEncryptionAlgorithm);
      const context = contextOf(input, 'DestinationEncryptionContext');
      return {
        CiphertextBlob: await encryptWith(key, DestinationEncryptionAlgorithm, source.plaintext, context),
        SourceKeyId: source.key.arn,
        KeyId: key.arn,
        SourceEncryptionAlgorithm: source.algorithm,
        DestinationEncryptionAlgorithm,
      };
    },
    GenerateDataKey: (input) => dataKey(input, 'GenerateDataKey'),
    GenerateDataKeyWithoutPlaintext: (input) => {
      const { Plaintext: _, ...rest } = dataKey(input, 'GenerateDataKeyWithoutPlaintext');
      return rest;
    },
    GenerateDataKeyPair: (input) => dataKeyPair(input, 'GenerateDataKeyPair'),
    GenerateDataKeyPairWithoutPlaintext: async (input) => {
      const { PrivateKeyPlaintext: _, ...rest } = await dataKeyPair(input, 'GenerateDataKeyPairWithoutPlaintext');
      return rest;
    },
    GenerateRandom: (input) => {
      const count = optionalInteger(input, 'NumberOfBytes', { min: 1, max: RANDOM_MAX });
      if (count === undefined) throw kmsInvalid('NumberOfBytes is required.');
      return { Plaintext: randomBytes(count).toString('base64') };
    },
  };
}

export function keyIdOf(input: Input): string {
  return requiredText(input, 'KeyId', { minLength: 1, maxLength: 2048 });
}

/** A blob, decoded. Its content is left out of messages, as AWS does. */
export function bytesOf(input: Input, member: string, maxBytes: number): Buffer {
  const bytes = Buffer.from(requiredText(input, member), 'base64');
  if (bytes.length >= 1 && bytes.length <= maxBytes) return bytes;
  const bound = bytes.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${maxBytes}`;
  const path = member.charAt(0).toLowerCase() + member.slice(1);
  throw kmsInvalid(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

function contextOf(input: Input, member: string): EncryptionContext {
  return (input[member] ?? {}) as EncryptionContext;
}

function checkAlgorithm({ spec }: KmsKey, algorithm: string): void {
  if (KEY_SPECS[spec]?.encryption?.includes(algorithm)) return;
  throw invalidUsage(`Algorithm ${algorithm} and key spec ${spec} are incompatible.`);
}

function dataKeyBytes(input: Input): number {
  const spec = optionalText(input, 'KeySpec', { oneOf: Object.keys(DATA_KEY_BYTES) });
  const count = optionalInteger(input, 'NumberOfBytes', { min: 1, max: RANDOM_MAX });
  if ((spec === undefined) === (count === undefined))
    throw kmsInvalid('Please specify either number of bytes or key spec.');
  return count ?? DATA_KEY_BYTES[spec ?? ''] ?? 32;
}
