import type { AwsContext, AwsRoom } from '../aws-room.ts';
import { provisionSecrets } from './provision-secrets.ts';
import { Rotation } from './rotation.ts';
import { secretsManagerService } from './secrets-service.ts';
import { SecretsStore } from './secrets-store.ts';

export interface SecretsRoom extends AwsRoom {
  readonly store: SecretsStore;
  readonly rotation: Rotation;
}

export function startSecretsManager({ nowMs, invoke, log }: AwsContext): SecretsRoom {
  const store = new SecretsStore(nowMs);
  const rotation = new Rotation({ store, invoke, nowMs, log });
  return {
    store,
    rotation,
    service: secretsManagerService(store, (secret) => rotation.start(secret)),
    provision: (resources) => provisionSecrets(resources, store),
  };
}
