import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';

/** One version of a secret. Between its creation by RotateSecret and the rotation's first step it has no value. */
interface SecretVersion {
  value: string | undefined;
  readonly stages: Set<string>;
  readonly createdMs: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly versions: Map<string, SecretVersion>;
  rotation: { readonly functionArn: string; readonly rules: unknown } | undefined;
  lastRotatedMs: number | undefined;
}

export interface VersionSelector {
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const PENDING = 'AWSPENDING';

/** Secrets with versions and staging labels, in memory. Rules: Secrets Manager user guide, "Secret versions". */
export class SecretsStore {
  readonly #secrets = new Map<string, Secret>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  create(
    secret: { readonly name: string; readonly arn: string; readonly description?: string },
    value: string,
  ): Secret {
    const created: Secret = {
      name: secret.name,
      arn: secret.arn,
      description: secret.description,
      versions: new Map([[randomUUID(), this.#version(value, [CURRENT])]]),
      rotation: undefined,
      lastRotatedMs: undefined,
    };
    this.#secrets.set(secret.arn, created);
    return created;
  }

  secrets(): readonly Secret[] {
    return [...this.#secrets.values()];
  }

  /** By ARN, with or without its six random characters, or name. */
  secret(id: string): Secret {
    const found =
      this.#secrets.get(id) ??
      this.secrets().find(({ name, arn }) => name === id || arn.replace(/-[A-Za-z0-9]{6}$/, '') === id);
    if (found) return found;
    throw notFound("Secrets Manager can't find the specified secret.");
  }

  read(secret: Secret, selector: VersionSelector): { readonly versionId: string; readonly version: SecretVersion } {
    const { versionId, versionStage = versionId === undefined ? CURRENT : undefined } = selector;
    for (const [id, version] of secret.versions) {
      const isWanted = (versionId ?? id) === id && (versionStage === undefined || version.stages.has(versionStage));
      if (isWanted && version.value !== undefined) return { versionId: id, version };
    }
    throw notFound(
      versionId === undefined
        ? `Secrets Manager can't find the specified secret value for staging label: ${versionStage}`
        : `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`,
    );
  }

  /** Adds a version and moves the labels to it; the same token with the same value is a retry and changes nothing. */
  put(secret: Secret, value: string, token: string, stages: readonly string[] = [CURRENT]): string {
    const existing = secret.versions.get(token);
    if (existing?.value !== undefined && existing.value !== value) {
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret version ${token} already exists with another value.`,
      );
    }
    if (existing) existing.value = value;
    else secret.versions.set(token, this.#version(value, []));
    for (const stage of stages) this.moveStage(secret, stage, token);
    return token;
  }

  /** Moves a label; when `AWSCURRENT` moves, the version that had it becomes `AWSPREVIOUS`. */
  moveStage(secret: Secret, stage: string, toVersionId: string | undefined): void {
    const target = toVersionId === undefined ? undefined : secret.versions.get(toVersionId);
    if (toVersionId !== undefined && !target) {
      throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${toVersionId}`);
    }
    for (const [id, version] of secret.versions) {
      if (id === toVersionId || !version.stages.delete(stage)) continue;
      if (stage === CURRENT) {
        for (const other of secret.versions.values()) other.stages.delete(PREVIOUS);
        version.stages.add(PREVIOUS);
      }
    }
    target?.stages.add(stage);
    if (stage === CURRENT) target?.stages.delete(PREVIOUS);
  }

  /** Creates the empty pending version that a rotation function finds. */
  startRotation(secret: Secret): string {
    for (const version of secret.versions.values()) version.stages.delete(PENDING);
    const token = randomUUID();
    secret.versions.set(token, { ...this.#version('', [PENDING]), value: undefined });
    return token;
  }

  #version(value: string, stages: readonly string[]): SecretVersion {
    return { value, stages: new Set(stages), createdMs: this.#nowMs() };
  }
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
