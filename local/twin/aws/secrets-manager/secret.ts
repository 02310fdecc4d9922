/** One version of a secret. Between its creation by RotateSecret and the rotation's first step it has no value. */
export interface SecretVersion {
  readonly id: string;
  readonly createdMs: number;
  stages: string[];
  /** SecretString. */
  value?: string;
  /** SecretBinary, Base64. */
  binary?: string;
  accessedMs?: number;
}

/** `RotationRules` of a schedule or of RotateSecret. */
export interface RotationRules {
  readonly AutomaticallyAfterDays?: number;
  readonly Duration?: string;
  readonly ScheduleExpression?: string;
}

export interface SecretRotation {
  readonly functionArn: string;
  readonly rules: RotationRules;
  isEnabled: boolean;
  /** When the next rotation is due; `undefined` where the rules name no time. */
  nextMs?: number | undefined;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  changedMs: number;
  description?: string | undefined;
  kmsKeyId?: string | undefined;
  lastRotatedMs?: number | undefined;
  /** When DeleteSecret was called, and when the secret really goes; `undefined` where it is not to be deleted. */
  deletion?: { readonly requestedMs: number; readonly dueMs: number } | undefined;
  rotation?: SecretRotation | undefined;
  /** JSON text. */
  policy?: string | undefined;
  readonly tags: Record<string, string>;
  readonly versions: SecretVersion[];
  /** What the template said of the value when it was last provisioned. */
  template?: string;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

export function versionWithStage({ versions }: Secret, stage: string): SecretVersion | undefined {
  return versions.find(({ stages }) => stages.includes(stage));
}
