import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, optionalText, requiredList, requiredText } from '../member-constraints.ts';
import { keyIdOf } from './encryption-operations.ts';
import type { KeyMaterial } from './key-material.ts';
import { KEY_SPECS } from './key-spec.ts';
import type { KeyStore } from './key-store.ts';
import type { KmsKey } from './kms-key.ts';
import { markerPage } from './marker-page.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = { min: 7, max: 30 };
const PERIOD_DAYS = { min: 90, max: 2_560 };
const LIST_MAX = 1_000;

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** Keys themselves: their life, states, policies and rotation. IAM evaluates the policies of the template, not those put here. */
export function keyOperations(store: KeyStore, material: KeyMaterial, nowMs: () => number): AwsService {
  const keyOf = (input: Input): KmsKey => store.key(keyIdOf(input));
  const change = (input: Input, apply: (key: KmsKey) => void): void => {
    const key = keyOf(input);
    apply(key);
    store.changed(key);
  };
  const changeLiving = (input: Input, apply: (key: KmsKey) => void): void =>
    change(input, (key) => {
      if (key.deletionMs !== undefined) throw pendingDeletion(key);
      apply(key);
    });
  return {
    CreateKey: (input) => {
      const origin = optionalText(input, 'Origin') ?? 'AWS_KMS';
      if (origin !== 'AWS_KMS') {
        throw new AwsError(
          'UnsupportedOperationException',
          `the twin makes key material itself; Origin ${origin} is not offered`,
        );
      }
      const key = store.create({
        spec: optionalText(input, 'KeySpec') ?? optionalText(input, 'CustomerMasterKeySpec'),
        usage: optionalText(input, 'KeyUsage'),
        description: optionalText(input, 'Description', { maxLength: 8192 }),
        policy: optionalText(input, 'Policy'),
        isMultiRegion: input.MultiRegion === true,
      });
      for (const { TagKey, TagValue } of (input.Tags ?? []) as readonly Tag[]) key.tags[TagKey] = TagValue;
      return { KeyMetadata: describe(key) };
    },
    DescribeKey: (input) => ({ KeyMetadata: describe(keyOf(input)) }),
    ListKeys: (input) => {
      const { items, ...more } = markerPage(store.keys(), input, LIST_MAX, ({ id }) => id);
      return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...more };
    },
    UpdateKeyDescription: (input) =>
      changeLiving(input, (key) => {
        key.description = requiredText(input, 'Description', { maxLength: 8192 });
      }),
    EnableKey: (input) =>
      changeLiving(input, (key) => {
        key.isEnabled = true;
      }),
    DisableKey: (input) =>
      changeLiving(input, (key) => {
        key.isEnabled = false;
      }),
    ScheduleKeyDeletion: (input) => {
      const PendingWindowInDays = optionalInteger(input, 'PendingWindowInDays', WINDOW_DAYS) ?? WINDOW_DAYS.max;
      const key = keyOf(input);
      if (key.deletionMs !== undefined) throw pendingDeletion(key);
      key.deletionMs = nowMs() + PendingWindowInDays * DAY_MS;
      key.isEnabled = false;
      store.changed(key);
      return { KeyId: key.arn, DeletionDate: key.deletionMs / 1_000, KeyState: 'PendingDeletion', PendingWindowInDays };
    },
    CancelKeyDeletion: (input) => {
      const key = keyOf(input);
      if (key.deletionMs === undefined) {
        throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
      }
      // The key comes back disabled.
      key.deletionMs = undefined;
      store.changed(key);
      return { KeyId: key.arn };
    },
    EnableKeyRotation: (input) =>
      changeLiving(input, (key) => {
        const periodDays = optionalInteger(input, 'RotationPeriodInDays', PERIOD_DAYS) ?? 365;
        checkRotates(key);
        store.checkState(key);
        key.rotation = { periodDays, lastMs: key.rotation?.lastMs ?? nowMs() };
      }),
    DisableKeyRotation: (input) =>
      changeLiving(input, (key) => {
        checkRotates(key);
        key.rotation = undefined;
      }),
    GetKeyRotationStatus: (input) => {
      const key = keyOf(input);
      const { rotation } = key;
      return {
        KeyId: key.arn,
        KeyRotationEnabled: rotation !== undefined,
        ...(rotation && {
          RotationPeriodInDays: rotation.periodDays,
          NextRotationDate: (rotation.lastMs + rotation.periodDays * DAY_MS) / 1_000,
        }),
      };
    },
    RotateKeyOnDemand: (input) => {
      const key = keyOf(input);
      checkRotates(key);
      store.checkState(key);
      material.newestSecret(key);
      material.rotate(key);
      return { KeyId: key.arn };
    },
    GetKeyPolicy: (input) => ({ Policy: keyOf(input).policy, PolicyName: 'default' }),
    PutKeyPolicy: (input) =>
      change(input, (key) => {
        key.policy = requiredText(input, 'Policy', { minLength: 1, maxLength: 131_072 });
      }),
    ListKeyPolicies: (input) => {
      keyOf(input);
      return { PolicyNames: ['default'], Truncated: false };
    },
    ListGrants: (input) => {
      keyOf(input);
      return { Grants: [], Truncated: false };
    },
    TagResource: (input) =>
      changeLiving(input, (key) => {
        for (const { TagKey, TagValue } of requiredList<Tag>(input, 'Tags')) key.tags[TagKey] = TagValue;
      }),
    UntagResource: (input) =>
      changeLiving(input, (key) => {
        for (const tagKey of requiredList<string>(input, 'TagKeys')) delete key.tags[tagKey];
      }),
    ListResourceTags: (input) => ({
      Tags: Object.entries(keyOf(input).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: false,
    }),
  };
}

function checkRotates(key: KmsKey): void {
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  throw new AwsError(
    'UnsupportedOperationException',
    `${key.arn} is a key of the spec ${key.spec}, which is not rotated.`,
  );
}

function pendingDeletion({ arn }: KmsKey): AwsError {
  return new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
}

function describe(key: KmsKey): Record<string, unknown> {
  const { encryption, signing, mac } = KEY_SPECS[key.spec] ?? {};
  const { usage, deletionMs, isEnabled } = key;
  return {
    AWSAccountId: key.arn.split(':')[4],
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.createdMs / 1_000,
    Enabled: isEnabled,
    Description: key.description,
    KeyUsage: usage,
    KeyState: deletionMs !== undefined ? 'PendingDeletion' : isEnabled ? 'Enabled' : 'Disabled',
    ...(deletionMs !== undefined && { DeletionDate: deletionMs / 1_000 }),
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    ...(usage === 'ENCRYPT_DECRYPT' && { EncryptionAlgorithms: encryption }),
    ...(usage === 'SIGN_VERIFY' && { SigningAlgorithms: signing }),
    ...(usage === 'GENERATE_VERIFY_MAC' && { MacAlgorithms: mac }),
    MultiRegion: key.isMultiRegion,
  };
}
