import { constants, createHash, type KeyObject, privateEncrypt, publicDecrypt, randomBytes } from 'node:crypto';

/** DER of `DigestInfo` up to the digest; RFC 8017, section 9.2, note 1. */
const DIGEST_INFO: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** Signatures of a digest, which node:crypto makes only of whole messages: RSASSA-PKCS1-v1_5. */
export function signPkcs1(key: KeyObject, hash: string, digest: Buffer): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest));
}

/** Verifies an RSASSA-PKCS1-v1_5 signature of a digest that the caller made. */
export function verifyPkcs1(key: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  try {
    return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digestInfo(hash, digest));
  } catch {
    return false;
  }
}

/** RSASSA-PSS with a salt as long as the digest, as KMS has it; EMSA-PSS-ENCODE of RFC 8017, section 9.1.1. */
export function signPss(key: KeyObject, hash: string, digest: Buffer): Buffer {
  const { bytes, bits } = encodedSize(key);
  const salt = randomBytes(digest.length);
  const hashed = saltedHash(hash, digest, salt);
  const data = Buffer.alloc(bytes - digest.length - 1);
  data[data.length - salt.length - 1] = 1;
  salt.copy(data, data.length - salt.length);
  const masked = xor(data, mask(hash, hashed, data.length));
  clearHighBits(masked, bytes * 8 - bits);
  const encoded = Buffer.concat([masked, hashed, Buffer.of(0xbc)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
}

/** EMSA-PSS-VERIFY of RFC 8017, section 9.1.2. */
export function verifyPss(key: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  const { bytes, bits } = encodedSize(key);
  let encoded: Buffer;
  try {
    encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return false;
  }
  if (encoded.at(-1) !== 0xbc) return false;
  const masked = encoded.subarray(0, bytes - digest.length - 1);
  const hashed = encoded.subarray(masked.length, -1);
  const data = xor(masked, mask(hash, hashed, masked.length));
  clearHighBits(data, bytes * 8 - bits);
  const one = data.length - digest.length - 1;
  const isPadded = data[one] === 1 && data.subarray(0, one).every((byte) => byte === 0);
  return isPadded && saltedHash(hash, digest, data.subarray(one + 1)).equals(hashed);
}

function digestInfo(hash: string, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(DIGEST_INFO[hash] ?? '', 'hex'), digest]);
}

/** KMS's moduli are whole bytes, so the encoded message is one bit shorter than they are. */
function encodedSize(key: KeyObject): { readonly bytes: number; readonly bits: number } {
  const modulusBits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return { bytes: modulusBits / 8, bits: modulusBits - 1 };
}

function saltedHash(hash: string, digest: Buffer, salt: Buffer): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

/** MGF1 of RFC 8017, appendix B.2.1. */
function mask(hash: string, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, size = 0; size < length; counter += 1) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const block = createHash(hash).update(seed).update(count).digest();
    blocks.push(block);
    size += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

function clearHighBits(bytes: Buffer, count: number): void {
  bytes[0] = (bytes[0] ?? 0) & (0xff >> count);
}
