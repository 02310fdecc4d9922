/** A rule that ends objects, or uploads that were begun and not completed. */
export interface LifecycleRule {
  readonly prefix: string;
  /** Object tags that have to be there. */
  readonly tags: Readonly<Record<string, string>>;
  readonly largerThanBytes?: number;
  readonly smallerThanBytes?: number;
  readonly expireAfterDays?: number;
  readonly expireAtMs?: number;
  readonly abortUploadsAfterDays?: number;
}

interface TagProperty {
  readonly Key: string;
  readonly Value: string;
}

/** A rule as AWS::S3::Bucket has it. */
export interface LifecycleRuleProperty {
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number | string };
  readonly ExpirationDate?: string;
  readonly ExpirationInDays?: number | string;
  readonly ObjectSizeGreaterThan?: number | string;
  readonly ObjectSizeLessThan?: number | string;
  readonly Prefix?: string;
  readonly Status: string;
  readonly TagFilters?: readonly TagProperty[];
}

/** Rules that are switched on and end something; transitions between storage classes change nothing here. */
export function lifecycleRules(rules: readonly LifecycleRuleProperty[]): LifecycleRule[] {
  return rules
    .filter(({ Status }) => Status === 'Enabled')
    .map((rule) => ({
      prefix: rule.Prefix ?? '',
      tags: Object.fromEntries((rule.TagFilters ?? []).map(({ Key, Value }) => [Key, Value])),
      ...(rule.ObjectSizeGreaterThan !== undefined && { largerThanBytes: Number(rule.ObjectSizeGreaterThan) }),
      ...(rule.ObjectSizeLessThan !== undefined && { smallerThanBytes: Number(rule.ObjectSizeLessThan) }),
      ...(rule.ExpirationInDays !== undefined && { expireAfterDays: Number(rule.ExpirationInDays) }),
      ...(rule.ExpirationDate !== undefined && { expireAtMs: Date.parse(rule.ExpirationDate) }),
      ...(rule.AbortIncompleteMultipartUpload && {
        abortUploadsAfterDays: Number(rule.AbortIncompleteMultipartUpload.DaysAfterInitiation),
      }),
    }));
}
