import type { ReadParameter, ReadSecret } from '../assembly/dynamic-reference.ts';
import type { SecretsStore } from './secrets-manager/secrets-store.ts';
import type { ParameterStore } from './ssm/parameter-store.ts';
import { readReference } from './ssm/read-reference.ts';

/** How the dynamic references of templates find their values. */
export function referenceReaders({ secrets, parameters }: { secrets: SecretsStore; parameters: ParameterStore }): {
  readonly readSecret: ReadSecret;
  readonly readParameter: ReadParameter;
} {
  return {
    readSecret: ({ secretId, versionId, versionStage }) =>
      secrets.read(secrets.secret(secretId), { versionId, versionStage }).version.value ?? '',
    readParameter: (reference) => readReference(parameters, reference),
  };
}
