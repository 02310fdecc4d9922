import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { KeyStore } from './key-store.ts';
import { kmsService } from './kms-service.ts';
import { provisionKeys } from './provision-keys.ts';

export interface KmsRoom extends AwsRoom {
  readonly store: KeyStore;
}

/** KMS with keys of its own: what AWS has encrypted cannot be decrypted here, nor the other way round. */
export function startKms({ region, accountId, nowMs, database }: AwsContext): KmsRoom {
  const store = new KeyStore(`arn:aws:kms:${region}:${accountId}`, nowMs, database);
  return {
    store,
    service: kmsService(store, nowMs),
    provision: (resources) => provisionKeys(resources, store, nowMs),
    close: () => store.flush(),
  };
}
