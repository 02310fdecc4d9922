import { TwinError } from '../twin-error.ts';

/** `{{resolve:secretsmanager:<id>:SecretString[:<json key>[:<stage>[:<version>]]]}}`, taken apart. */
export interface SecretReference {
  readonly secretId: string;
  readonly jsonKey?: string;
  readonly versionStage?: string;
  readonly versionId?: string;
}

const DYNAMIC_REFERENCE = /\{\{resolve:([^}]*)\}\}/g;

/**
 * Replaces the dynamic references in all strings of a value. CloudFormation does so when it deploys the resource, so the
 * twin does it once the secrets exist, apart from the other intrinsic functions.
 *
 * @throws TwinError on a reference to another service than Secrets Manager, or to a JSON key that is not there.
 */
export function resolveDynamicReferences<T>(value: T, readSecret: (reference: SecretReference) => string): T {
  if (typeof value === 'string') {
    return value.replaceAll(DYNAMIC_REFERENCE, (text, reference: string) => {
      const parsed = parseSecretReference(text, reference);
      const secret = readSecret(parsed);
      return parsed.jsonKey ? pickJsonKey(text, secret, parsed.jsonKey) : secret;
    }) as T;
  }
  if (Array.isArray(value)) return value.map((entry) => resolveDynamicReferences(entry, readSecret)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, resolveDynamicReferences(entry, readSecret)]),
    ) as T;
  }
  return value;
}

function parseSecretReference(text: string, reference: string): SecretReference {
  // The id may be an ARN, which has colons of its own: split at the fixed word between the two halves.
  const [service = '', ...rest] = reference.split(':');
  const [secretId = '', tail] = rest.join(':').split(/:SecretString(?::|$)/);
  if (service !== 'secretsmanager' || secretId === '') {
    throw new TwinError(
      'unknown-dynamic-reference',
      `dynamic reference ${text}: the twin resolves only {{resolve:secretsmanager:…:SecretString:…}}; ` +
        'pass the value in another way',
    );
  }
  const [jsonKey, versionStage, versionId] = (tail ?? '').split(':');
  return {
    secretId,
    ...(jsonKey && { jsonKey }),
    ...(versionStage && { versionStage }),
    ...(versionId && { versionId }),
  };
}

function pickJsonKey(text: string, secret: string, jsonKey: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    parsed = undefined;
  }
  const value =
    typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)[jsonKey] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new TwinError('unknown-json-key', `dynamic reference ${text}: the secret has no JSON key '${jsonKey}'`);
  }
  return String(value);
}
