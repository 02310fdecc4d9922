import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import type { KeyStore } from './key-store.ts';

interface KeyProperties {
  readonly Description?: string;
  readonly EnableKeyRotation?: boolean | string;
  readonly Enabled?: boolean | string;
  readonly KeyPolicy?: unknown;
  readonly KeySpec?: string;
  readonly KeyUsage?: string;
  readonly MultiRegion?: boolean | string;
  readonly Origin?: string;
  readonly RotationPeriodInDays?: number | string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Creates the keys and aliases that the templates declare, and brings those that are there up to date; material is kept. */
export function provisionKeys(resources: readonly ResolvedResource[], store: KeyStore, nowMs: () => number): void {
  for (const resource of resources) {
    if (resource.type === 'AWS::KMS::Key') provisionKey(resource, store, nowMs());
  }
  for (const { type, logicalId, physicalId, properties } of resources) {
    if (type !== 'AWS::KMS::Alias') continue;
    const target = String(properties.TargetKeyId);
    const key = store.find(target);
    if (!key) throw new TwinError('kms-alias', `alias '${logicalId}' (${physicalId}): there is no key ${target}`);
    store.setAlias(physicalId, key.id);
  }
}

function provisionKey(
  { logicalId, physicalId: id, properties }: ResolvedResource,
  store: KeyStore,
  nowMs: number,
): void {
  const given = properties as KeyProperties;
  if ((given.Origin ?? 'AWS_KMS') !== 'AWS_KMS') {
    throw new TwinError(
      'kms-origin',
      `key '${logicalId}': the twin makes key material itself; Origin ${given.Origin} is not offered`,
    );
  }
  const description = given.Description ?? '';
  const isMultiRegion = String(given.MultiRegion) === 'true';
  const known = store.find(id);
  if (known && given.KeySpec !== undefined && given.KeySpec !== known.spec) {
    throw new TwinError(
      'kms-spec',
      `key '${logicalId}': KeySpec cannot change from ${known.spec} to ${given.KeySpec}; rename the key in the stack`,
    );
  }
  let key = known;
  try {
    key ??= store.create({ id, spec: given.KeySpec, usage: given.KeyUsage, description, isMultiRegion });
  } catch (cause) {
    throw new TwinError('kms-key', `key '${logicalId}': ${(cause as Error).message}`, { cause });
  }
  if (given.KeyPolicy !== undefined) key.policy = JSON.stringify(given.KeyPolicy);
  const isRotated = String(given.EnableKeyRotation) === 'true';
  const periodDays = Number(given.RotationPeriodInDays ?? 365);
  Object.assign(key, {
    description,
    isEnabled: String(given.Enabled ?? true) === 'true',
    // What the template declares is not to be deleted.
    deletionMs: undefined,
    rotation: isRotated ? { periodDays, lastMs: key.rotation?.lastMs ?? nowMs } : undefined,
  });
  for (const { Key, Value } of given.Tags ?? []) key.tags[Key] = Value;
  store.changed(key);
}
