import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * A ciphertext of a symmetric key: version, key id, number of the secret, nonce, tag, AES-256-GCM of the plaintext. Header and
 * encryption context are authenticated with it. AWS's own format is not public; this one is as opaque.
 */
const VERSION = 1;
const VERSION_MULTI_REGION = 2;
const HEADER_BYTES = 21;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export type EncryptionContext = Readonly<Record<string, string>>;

/** Which key and which of its secrets a ciphertext was made with. */
export interface CiphertextHeader {
  readonly keyId: string;
  readonly secretNumber: number;
}

/** Encrypts by AES-256-GCM; header and encryption context are authenticated, too. */
export function seal(header: CiphertextHeader, secret: Buffer, plaintext: Buffer, context: EncryptionContext): Buffer {
  const head = encodeHeader(header);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(authenticated(head, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, iv, cipher.getAuthTag(), body]);
}

/** `undefined` where it is no ciphertext. */
export function readHeader(ciphertext: Buffer): CiphertextHeader | undefined {
  const version = ciphertext[0];
  if (ciphertext.length < HEADER_BYTES + IV_BYTES + TAG_BYTES) return undefined;
  if (version !== VERSION && version !== VERSION_MULTI_REGION) return undefined;
  const digits = ciphertext.toString('hex', 1, 17);
  const keyId =
    version === VERSION_MULTI_REGION
      ? `mrk-${digits}`
      : digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { keyId, secretNumber: ciphertext.readUInt32BE(17) };
}

/** `undefined` where the secret, the context or a byte is another one. */
export function unseal(ciphertext: Buffer, secret: Buffer, context: EncryptionContext): Buffer | undefined {
  const head = ciphertext.subarray(0, HEADER_BYTES);
  const iv = ciphertext.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
  const tag = ciphertext.subarray(HEADER_BYTES + IV_BYTES, HEADER_BYTES + IV_BYTES + TAG_BYTES);
  const body = ciphertext.subarray(HEADER_BYTES + IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', secret, iv).setAAD(authenticated(head, context)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return undefined;
  }
}

function encodeHeader({ keyId, secretNumber }: CiphertextHeader): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head[0] = keyId.startsWith('mrk-') ? VERSION_MULTI_REGION : VERSION;
  head.write(keyId.replace(/^mrk-/, '').replaceAll('-', ''), 1, 'hex');
  head.writeUInt32BE(secretNumber, 17);
  return head;
}

/** The order of a context's pairs does not matter. */
function authenticated(head: Buffer, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(pairs))]);
}
