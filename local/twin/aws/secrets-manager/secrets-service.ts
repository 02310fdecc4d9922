import type { AwsService } from '../aws-call.ts';
import type { Rotation } from './rotation.ts';
import { rotationOperations } from './rotation-operations.ts';
import { secretOperations } from './secret-operations.ts';
import type { SecretsStore } from './secrets-store.ts';
import { valueOperations } from './value-operations.ts';

export interface SecretsServiceOptions {
  readonly store: SecretsStore;
  readonly rotation: Rotation;
  /** `arn:aws:secretsmanager:<region>:<account>`. */
  readonly arnPrefix: string;
  readonly nowMs: () => number;
}

/** Secrets Manager, API version 2017-10-17, without replication to other Regions. */
export function secretsManagerService({ store, rotation, arnPrefix, nowMs }: SecretsServiceOptions): AwsService {
  return {
    ...secretOperations(store, arnPrefix, nowMs),
    ...valueOperations(store),
    ...rotationOperations(store, rotation),
  };
}
