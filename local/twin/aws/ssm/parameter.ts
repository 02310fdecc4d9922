/** One version of a parameter. */
export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly modifiedMs: number;
  /** ARN of whoever wrote it. */
  readonly modifiedBy?: string | undefined;
  readonly description?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly labels: string[];
}

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  type: ParameterType;
  tier: string;
  dataType: string;
  /** Key of a SecureString. */
  keyId?: string | undefined;
  /** JSON text of the parameter policies. */
  policies?: string | undefined;
  readonly tags: Record<string, string>;
  /** The newest last. */
  readonly versions: ParameterVersion[];
  /** Value that the template said when it was last provisioned. */
  template?: string;
}

export const TYPES: readonly ParameterType[] = ['String', 'StringList', 'SecureString'];
export const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'];
