import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { type PasswordOptions, randomPassword } from './random-password.ts';
import type { SecretsStore } from './secrets-store.ts';

interface SecretProperties {
  readonly Description?: string;
  readonly SecretString?: string;
  readonly GenerateSecretString?: PasswordOptions & {
    readonly SecretStringTemplate?: string;
    readonly GenerateStringKey?: string;
  };
}

/** Creates the secrets that the templates declare and that are not there yet. */
export function provisionSecrets(resources: readonly ResolvedResource[], store: SecretsStore): void {
  for (const { type, physicalId: arn, properties } of resources) {
    if (type !== 'AWS::SecretsManager::Secret' || store.secrets().some((secret) => secret.arn === arn)) continue;
    const { Description, SecretString, GenerateSecretString } = properties as SecretProperties;
    // The ARN ends with the name, a dash and six characters of Secrets Manager's own.
    const name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
    const value = SecretString ?? (GenerateSecretString ? generateSecret(GenerateSecretString) : '');
    store.create({ name, arn, ...(Description !== undefined && { description: Description }) }, value);
  }
}

function generateSecret(options: SecretProperties['GenerateSecretString'] & {}): string {
  const password = randomPassword(options);
  const { SecretStringTemplate, GenerateStringKey } = options;
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(SecretStringTemplate) as object), [GenerateStringKey]: password });
}
