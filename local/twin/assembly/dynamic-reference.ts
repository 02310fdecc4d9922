import { TwinError } from '../twin-error.ts';

/** `{{resolve:secretsmanager:<id>:SecretString[:<json key>[:<stage>[:<version>]]]}}`, taken apart. */
export interface SecretReference {
  readonly secretId: string;
  readonly jsonKey?: string;
  readonly versionStage?: string;
  readonly versionId?: string;
}

/** `{{resolve:ssm:<name>[:<version>]}}` or `{{resolve:ssm-secure:…}}`, taken apart. */
export interface ParameterReference {
  readonly name: string;
  /** A number, as text; the newest where it is not given. */
  readonly version?: string;
  /** `ssm-secure`: the parameter has to be a SecureString, and with `ssm` it must not be one. */
  readonly isSecure: boolean;
}

/** Where values come from. Either may throw: its message is put behind the reference. */
export type ReadSecret = (reference: SecretReference) => string;
export type ReadParameter = (reference: ParameterReference) => string;

const DYNAMIC_REFERENCE = /\{\{resolve:([^}]*)\}\}/g;
const KNOWN = '{{resolve:secretsmanager:…:SecretString:…}}, {{resolve:ssm:…}} and {{resolve:ssm-secure:…}}';

/**
 * Replaces the dynamic references in all strings of a value. CloudFormation does so when it deploys the resource, so the
 * twin does it once the secrets and parameters exist, apart from the other intrinsic functions.
 *
 * @throws TwinError on a reference to another service, to a secret or parameter that is not there, or to a JSON key that is not.
 */
export function resolveDynamicReferences<T>(value: T, readSecret: ReadSecret, readParameter?: ReadParameter): T {
  if (typeof value === 'string') {
    if (!value.includes('{{resolve:')) return value;
    return value.replaceAll(DYNAMIC_REFERENCE, (text, reference: string) =>
      resolveReference(text, reference, readSecret, readParameter),
    ) as T;
  }
  if (Array.isArray(value)) {
    return value.map((entry) => resolveDynamicReferences(entry, readSecret, readParameter)) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, resolveDynamicReferences(entry, readSecret, readParameter)]),
    ) as T;
  }
  return value;
}

function resolveReference(
  text: string,
  reference: string,
  readSecret: ReadSecret,
  readParameter: ReadParameter | undefined,
): string {
  const colon = reference.indexOf(':');
  const service = reference.slice(0, colon);
  const rest = reference.slice(colon + 1);
  if ((service === 'ssm' || service === 'ssm-secure') && readParameter) {
    const parsed = parseParameterReference(rest, service === 'ssm-secure');
    return read(text, () => readParameter(parsed));
  }
  const parsed = service === 'secretsmanager' ? parseSecretReference(rest) : undefined;
  if (!parsed) {
    throw new TwinError(
      'unknown-dynamic-reference',
      `dynamic reference ${text}: the twin resolves only ${KNOWN}; pass the value in another way`,
    );
  }
  const secret = read(text, () => readSecret(parsed));
  return parsed.jsonKey ? pickJsonKey(text, secret, parsed.jsonKey) : secret;
}

function read(text: string, reader: () => string): string {
  try {
    return reader();
  } catch (cause) {
    throw new TwinError('dynamic-reference', `dynamic reference ${text}: ${(cause as Error).message}`, { cause });
  }
}

/** A version stands behind the last colon; names have none, but ARNs do. */
function parseParameterReference(rest: string, isSecure: boolean): ParameterReference {
  const [, name = rest, version] = /^(.*?)(?::(\d+))?$/.exec(rest) ?? [];
  return { name, ...(version !== undefined && { version }), isSecure };
}

function parseSecretReference(rest: string): SecretReference | undefined {
  // The id may be an ARN, which has colons of its own: split at the fixed word between the two halves.
  const [secretId = '', tail] = rest.split(/:SecretString(?::|$)/);
  if (secretId === '') return undefined;
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
