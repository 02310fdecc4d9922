import { randomUUID } from 'node:crypto';
import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { type PasswordOptions, randomPassword } from './random-password.ts';
import type { SecretsStore } from './secrets-store.ts';

interface SecretProperties {
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly SecretString?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly GenerateSecretString?: PasswordOptions & {
    readonly SecretStringTemplate?: string;
    readonly GenerateStringKey?: string;
  };
}

/**
 * Creates the secrets that the templates declare and that are not there yet. One that is there keeps its value, which may
 * have been rotated, unless the template says another one than before: that becomes a new version, as CloudFormation does it.
 */
export function provisionSecrets(resources: readonly ResolvedResource[], store: SecretsStore): void {
  for (const { type, physicalId, properties } of resources) {
    if (type === 'AWS::SecretsManager::Secret') provisionSecret(physicalId, properties, store);
  }
  for (const { type, properties } of resources) {
    if (type !== 'AWS::SecretsManager::ResourcePolicy') continue;
    const { SecretId, ResourcePolicy } = properties as { readonly SecretId: string; readonly ResourcePolicy: unknown };
    const secret = store.secret(SecretId);
    secret.policy = typeof ResourcePolicy === 'string' ? ResourcePolicy : JSON.stringify(ResourcePolicy);
    store.changed(secret);
  }
}

function provisionSecret(arn: string, properties: SecretProperties, store: SecretsStore): void {
  const { Description: description, KmsKeyId, SecretString, GenerateSecretString, Tags = [] } = properties;
  const template = JSON.stringify([SecretString, GenerateSecretString]);
  // The ARN ends with the name, a dash and six characters of Secrets Manager's own.
  const name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
  const known = store.find(arn);
  // A secret that someone deleted is not declared deleted: the template has it.
  if (known) known.deletion = undefined;
  const secret = known ?? store.create({ name, arn, description }, undefined);
  if (secret.template !== template) {
    store.put(secret, SecretString ?? (GenerateSecretString ? generateSecret(GenerateSecretString) : ''), randomUUID());
  }
  Object.assign(secret, { description, kmsKeyId: KmsKeyId, template });
  for (const { Key, Value } of Tags) secret.tags[Key] = Value;
  store.changed(secret);
}

function generateSecret(options: SecretProperties['GenerateSecretString'] & {}): string {
  const password = randomPassword(options);
  const { SecretStringTemplate, GenerateStringKey } = options;
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}
