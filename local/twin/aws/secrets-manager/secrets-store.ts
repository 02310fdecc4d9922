import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws-error.ts';
import { DurableMap } from '../durable-map.ts';
import { CURRENT, PENDING, PREVIOUS, type Secret, type SecretVersion, versionWithStage } from './secret.ts';
import { invalidParameter, invalidRequest, secretExists, secretNotFound } from './secret-error.ts';

/** What a version holds: one of the two. */
export interface SecretValue {
  readonly value?: string | undefined;
  readonly binary?: string | undefined;
}

export interface VersionSelector {
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
}

const VERSIONS_MAX = 100;
const LABELS_MAX = 20;

/** Secrets with versions and staging labels. Rules: Secrets Manager user guide, "Secret versions"; API reference. */
export class SecretsStore {
  readonly #secrets: DurableMap<Secret>;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number, database?: DatabaseSync) {
    this.#nowMs = nowMs;
    this.#secrets = new DurableMap(database, 'secretsmanager_secrets');
  }

  create(
    {
      name,
      arn,
      description,
    }: { readonly name: string; readonly arn: string; readonly description?: string | undefined },
    value: SecretValue | string | undefined,
    token?: string,
  ): Secret {
    const nowMs = this.#nowMs();
    const secret: Secret = { name, arn, description, createdMs: nowMs, changedMs: nowMs, tags: {}, versions: [] };
    this.#secrets.set(arn, secret);
    if (value !== undefined) this.put(secret, value, token ?? randomUUID());
    return secret;
  }

  /** All that are not gone, in the order of their creation; those that are to be deleted as well. */
  secrets(): readonly Secret[] {
    const nowMs = this.#nowMs();
    for (const { arn, deletion } of this.#secrets.values()) {
      if (deletion && deletion.dueMs <= nowMs) this.#secrets.delete(arn);
    }
    return [...this.#secrets.values()];
  }

  /** By ARN, with or without its six random characters, or name. */
  find(id: string): Secret | undefined {
    const byArn = this.#secrets.get(id);
    if (byArn && !byArn.deletion) return byArn;
    return this.secrets().find(({ name, arn }) => name === id || arn === id || arn.slice(0, -7) === id);
  }

  /** @throws AwsError ResourceNotFoundException; InvalidRequestException where the secret is to be deleted. */
  secret(id: string): Secret {
    const secret = this.find(id);
    if (!secret) throw secretNotFound();
    if (!secret.deletion) return secret;
    throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
  }

  read(
    secret: Secret,
    { versionId, versionStage }: VersionSelector,
  ): { readonly versionId: string; readonly version: SecretVersion } {
    const stage = versionStage ?? (versionId === undefined ? CURRENT : undefined);
    const version =
      versionId === undefined
        ? versionWithStage(secret, stage ?? CURRENT)
        : secret.versions.find(({ id }) => id === versionId);
    if (!version || (version.value === undefined && version.binary === undefined)) {
      throw secretNotFound(
        versionId === undefined
          ? `Secrets Manager can't find the specified secret value for staging label: ${stage}`
          : `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`,
      );
    }
    if (stage !== undefined && !version.stages.includes(stage)) {
      throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
    }
    version.accessedMs = this.#nowMs();
    return { versionId: version.id, version };
  }

  /** Adds a version and moves the labels to it; the same token with the same value is a retry and changes nothing. */
  put(secret: Secret, given: SecretValue | string, token: string, stages?: readonly string[]): SecretVersion {
    const { value, binary } = typeof given === 'string' ? { value: given, binary: undefined } : given;
    const existing = secret.versions.find(({ id }) => id === token);
    const hasValue = existing?.value !== undefined || existing?.binary !== undefined;
    if (existing && hasValue) {
      if (existing.value === value && existing.binary === binary) return existing;
      throw secretExists(
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const version: SecretVersion = existing ?? { id: token, createdMs: this.#nowMs(), stages: [] };
    if (value !== undefined) version.value = value;
    if (binary !== undefined) version.binary = binary;
    if (!existing) secret.versions.push(version);
    // A rotation's pending version keeps its label when its function puts the value without naming one.
    const isFirst = versionWithStage(secret, CURRENT) === undefined;
    for (const stage of stages ?? [CURRENT]) this.moveStage(secret, stage, token);
    if (isFirst) this.moveStage(secret, CURRENT, token);
    this.#forgetOldVersions(secret);
    this.changed(secret);
    return version;
  }

  /** Moves a label; when `AWSCURRENT` moves, the version that had it becomes `AWSPREVIOUS`. */
  moveStage(secret: Secret, stage: string, toVersionId: string | undefined): void {
    const target = secret.versions.find(({ id }) => id === toVersionId);
    if (toVersionId !== undefined && !target) {
      throw secretNotFound(`Secrets Manager can't find the specified secret value for VersionId: ${toVersionId}`);
    }
    if (stage === CURRENT && !target) {
      throw invalidParameter(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    const source = versionWithStage(secret, stage);
    if (source === target) return;
    if (target && target.stages.length >= LABELS_MAX) {
      throw new AwsError('LimitExceededException', `A version can have at most ${LABELS_MAX} staging labels.`);
    }
    if (source) removeStage(source, stage);
    if (stage === CURRENT && source) {
      const previous = versionWithStage(secret, PREVIOUS);
      if (previous) removeStage(previous, PREVIOUS);
      source.stages.push(PREVIOUS);
    }
    target?.stages.push(stage);
    if (stage === CURRENT && target) removeStage(target, PREVIOUS);
    this.changed(secret);
  }

  /** The version that a rotation works on: a pending one that an earlier rotation left, or an empty new one. */
  startRotation(secret: Secret, token: string = randomUUID()): string {
    const pending = this.unfinishedRotation(secret);
    if (pending) return pending.id;
    secret.versions.push({ id: token, createdMs: this.#nowMs(), stages: [] });
    this.moveStage(secret, PENDING, token);
    return token;
  }

  /** A version that is pending and not current: a rotation began and did not end. */
  unfinishedRotation(secret: Secret): SecretVersion | undefined {
    const pending = versionWithStage(secret, PENDING);
    return pending?.stages.includes(CURRENT) ? undefined : pending;
  }

  /** Has to be called after a secret was changed in place. */
  changed(secret: Secret): void {
    secret.changedMs = this.#nowMs();
    this.#secrets.changed(secret.arn);
  }

  delete(secret: Secret): void {
    this.#secrets.delete(secret.arn);
  }

  flush(): void {
    this.#secrets.flush();
  }

  /** Secrets Manager keeps about a hundred versions; those without a label go first, the oldest first. */
  #forgetOldVersions(secret: Secret): void {
    while (secret.versions.length > VERSIONS_MAX) {
      const oldest = secret.versions.findIndex(({ stages }) => stages.length === 0);
      if (oldest < 0) return;
      secret.versions.splice(oldest, 1);
    }
  }
}

function removeStage(version: SecretVersion, stage: string): void {
  version.stages = version.stages.filter((own) => own !== stage);
}
