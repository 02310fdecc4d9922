import type { KeyStore } from '../aws/kms/key-store.ts';
import type { SecretsStore } from '../aws/secrets-manager/secrets-store.ts';
import { newest, type ParameterStore } from '../aws/ssm/parameter-store.ts';
import type { ResourceLabels } from './resource-labels.ts';

export interface SecretView {
  readonly name: string;
  readonly lastRotatedMs: number | undefined;
  readonly nextRotationMs: number | undefined;
  /** A rotation began and has not ended: it is under way, or it failed. */
  readonly isRotating: boolean;
}

export interface ParameterView {
  readonly name: string;
  readonly type: string;
  readonly version: number;
  readonly changedMs: number;
  /** `undefined` for a SecureString. */
  readonly value: string | undefined;
}

export interface KeyView {
  readonly label: string;
  readonly aliases: readonly string[];
  readonly spec: string;
  readonly usage: string;
  readonly state: 'enabled' | 'disabled' | 'to be deleted';
}

const VALUE_MAX = 120;

export function secretViews(secrets: SecretsStore): SecretView[] {
  return secrets.secrets().map((secret) => ({
    name: secret.name,
    lastRotatedMs: secret.lastRotatedMs,
    nextRotationMs: secret.rotation?.nextMs,
    isRotating: secrets.unfinishedRotation(secret) !== undefined,
  }));
}

export function parameterViews(parameters: ParameterStore): ParameterView[] {
  return parameters.parameters().map((parameter) => {
    const { version, modifiedMs, value } = newest(parameter);
    const shown = value.length > VALUE_MAX ? `${value.slice(0, VALUE_MAX)}…` : value;
    return {
      name: parameter.name,
      type: parameter.type,
      version,
      changedMs: modifiedMs,
      value: parameter.type === 'SecureString' ? undefined : shown,
    };
  });
}

export function keyViews(keys: KeyStore, labels: ResourceLabels): KeyView[] {
  const aliases = keys.aliases();
  return keys.keys().map(({ id, spec, usage, isEnabled, deletionMs }) => ({
    label: labels.of('kms', id),
    aliases: aliases.filter(({ keyId }) => keyId === id).map(({ name }) => name),
    spec,
    usage,
    state: deletionMs !== undefined ? 'to be deleted' : isEnabled ? 'enabled' : 'disabled',
  }));
}
