import type { KeyObject } from 'node:crypto';

/** What of a key outlives the process. */
export interface KmsKey {
  readonly id: string;
  readonly arn: string;
  readonly spec: string;
  readonly usage: string;
  readonly isMultiRegion: boolean;
  readonly createdMs: number;
  /** `AWS` for keys like `alias/aws/ssm`, which come to be when they are used. */
  readonly manager: 'AWS' | 'CUSTOMER';
  description: string;
  isEnabled: boolean;
  /** When the key really goes; `undefined` where it is not to be deleted. */
  deletionMs?: number | undefined;
  rotation?: { readonly periodDays: number; lastMs: number } | undefined;
  /** JSON text. */
  policy: string;
  readonly tags: Record<string, string>;
  /** Secrets, or private keys as PKCS #8, in Base64; a rotation adds one. Empty until the first use: RSA keys take a while. */
  readonly materials: string[];
}

/** An asymmetric key at work. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface KmsAlias {
  /** `alias/name`. */
  readonly name: string;
  keyId: string;
  readonly createdMs: number;
  updatedMs: number;
}
