import type { AwsContext, AwsRoom } from '../aws-room.ts';
import type { SetTimer } from '../set-timer.ts';
import { provisionSecrets } from './provision-secrets.ts';
import { Rotation } from './rotation.ts';
import { secretsManagerService } from './secrets-service.ts';
import { SecretsStore } from './secrets-store.ts';

export interface SecretsRoom extends AwsRoom {
  readonly store: SecretsStore;
  readonly rotation: Rotation;
}

/**
 * Secrets Manager, with rotation by the functions of the templates.
 *
 * @param setTimer what wakes the rotations that are due.
 */
export function startSecretsManager(context: AwsContext, setTimer?: SetTimer): SecretsRoom {
  const { nowMs, invoke, log, region, accountId, database } = context;
  const store = new SecretsStore(nowMs, database);
  const rotation = new Rotation({ store, invoke, nowMs, log, ...(setTimer && { setTimer }) });
  const arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}`;
  return {
    store,
    rotation,
    service: secretsManagerService({ store, rotation, arnPrefix, nowMs }),
    provision: (resources) => provisionSecrets(resources, store),
    close: () => {
      rotation.close();
      store.flush();
    },
  };
}
