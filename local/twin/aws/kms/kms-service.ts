import type { AwsService } from '../aws-call.ts';
import { aliasOperations } from './alias-operations.ts';
import { encryptionOperations } from './encryption-operations.ts';
import { KeyMaterial } from './key-material.ts';
import { keyOperations } from './key-operations.ts';
import type { KeyStore } from './key-store.ts';
import { signingOperations } from './signing-operations.ts';

/** KMS, API version 2014-11-01: without grants, custom key stores, imported material and replication. */
export function kmsService(store: KeyStore, nowMs: () => number): AwsService {
  const material = new KeyMaterial(store, nowMs);
  return {
    ...keyOperations(store, material, nowMs),
    ...aliasOperations(store),
    ...encryptionOperations(store, material),
    ...signingOperations(store, material),
  };
}
