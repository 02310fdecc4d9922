import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signDigest, verifyDigest } from '../../../../../local/twin/aws/kms/prehashed-ecdsa.ts';

const MESSAGE = Buffer.from('message');

describe('ECDSA of a digest', () => {
  it.each([
    ['prime256v1', 'sha256'],
    ['secp256k1', 'sha256'],
    ['secp384r1', 'sha384'],
    ['secp521r1', 'sha512'],
  ])('agrees with OpenSSL’s of the message, on %s', (namedCurve, hash) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const digest = createHash(hash).update(MESSAGE).digest();
    for (let round = 0; round < 5; round += 1) {
      expect(verify(hash, MESSAGE, publicKey, signDigest(privateKey, digest))).toBe(true);
      expect(verifyDigest(publicKey, digest, sign(hash, MESSAGE, privateKey))).toBe(true);
    }
  });

  it('fails on another digest, another key, and on bytes that are no signature', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const digest = createHash('sha256').update(MESSAGE).digest();
    const signature = signDigest(privateKey, digest);
    expect(verifyDigest(publicKey, createHash('sha256').update('other').digest(), signature)).toBe(false);
    expect(verifyDigest(other.publicKey, digest, signature)).toBe(false);
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(70),
      Buffer.from('3006020100020100', 'hex'),
      signature.subarray(1),
    ]) {
      expect(verifyDigest(publicKey, digest, bytes)).toBe(false);
    }
  });
});
