import { constants, createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from '../../../../../local/twin/aws/kms/prehashed-rsa.ts';

const MESSAGE = Buffer.from('message');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

describe('RSA signatures of a digest', () => {
  it.each(['sha256', 'sha384', 'sha512'])('agree with OpenSSL’s of the message, by %s', (hash) => {
    const digest = createHash(hash).update(MESSAGE).digest();
    expect(verify(hash, MESSAGE, publicKey, signPkcs1(privateKey, hash, digest))).toBe(true);
    expect(verifyPkcs1(publicKey, hash, digest, sign(hash, MESSAGE, privateKey))).toBe(true);
    expect(verify(hash, MESSAGE, { key: publicKey, ...pss }, signPss(privateKey, hash, digest))).toBe(true);
    expect(verifyPss(publicKey, hash, digest, sign(hash, MESSAGE, { key: privateKey, ...pss }))).toBe(true);
  });

  it('fail on another digest, and on bytes that are no signature', () => {
    const digest = createHash('sha256').update(MESSAGE).digest();
    const other = createHash('sha256').update('other').digest();
    expect(verifyPkcs1(publicKey, 'sha256', other, signPkcs1(privateKey, 'sha256', digest))).toBe(false);
    expect(verifyPss(publicKey, 'sha256', other, signPss(privateKey, 'sha256', digest))).toBe(false);
    for (const bytes of [Buffer.alloc(256), Buffer.alloc(1)]) {
      expect(verifyPkcs1(publicKey, 'sha256', digest, bytes)).toBe(false);
      expect(verifyPss(publicKey, 'sha256', digest, bytes)).toBe(false);
    }
  });
});
