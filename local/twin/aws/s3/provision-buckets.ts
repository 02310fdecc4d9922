import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { type CorsRuleProperty, corsRules } from './cors.ts';
import { type LifecycleRuleProperty, lifecycleRules } from './lifecycle-rule.ts';
import { type NotificationProperty, notificationTargets } from './notifications/notification-target.ts';
import { type BucketStore, SETTINGS_DEFAULT } from './storage/bucket-store.ts';

interface EncryptionProperty {
  readonly ServerSideEncryptionConfiguration?: readonly {
    readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: string };
  }[];
}

interface BucketProperties {
  readonly BucketEncryption?: EncryptionProperty;
  readonly CorsConfiguration?: { readonly CorsRules?: readonly CorsRuleProperty[] };
  readonly LifecycleConfiguration?: { readonly Rules?: readonly LifecycleRuleProperty[] };
  readonly NotificationConfiguration?: NotificationProperty;
}

/** Creates the buckets that the templates declare, and gives those that are there what the templates say now. */
export function provisionBuckets(resources: readonly ResolvedResource[], buckets: BucketStore): void {
  for (const { type, logicalId, physicalId, properties } of resources) {
    if (type !== 'AWS::S3::Bucket') continue;
    const { CorsConfiguration, LifecycleConfiguration, NotificationConfiguration, BucketEncryption } =
      properties as BucketProperties;
    buckets.put(physicalId, {
      cors: corsRules(CorsConfiguration?.CorsRules ?? []),
      lifecycle: lifecycleRules(LifecycleConfiguration?.Rules ?? []),
      notifications: notificationTargets(`bucket '${logicalId}'`, NotificationConfiguration ?? {}),
      encryption: encryptionOf(BucketEncryption),
    });
  }
}

function encryptionOf(property: EncryptionProperty | undefined): Readonly<Record<string, string>> {
  const byDefault = property?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault;
  if (!byDefault) return SETTINGS_DEFAULT.encryption;
  const { SSEAlgorithm, KMSMasterKeyID } = byDefault;
  return {
    'x-amz-server-side-encryption': SSEAlgorithm,
    ...(KMSMasterKeyID !== undefined && { 'x-amz-server-side-encryption-aws-kms-key-id': KMSMasterKeyID }),
  };
}
