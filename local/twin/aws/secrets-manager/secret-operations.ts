import { randomBytes, randomUUID } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { optionalInteger, optionalText, requiredList, requiredText } from '../member-constraints.ts';
import { type PasswordOptions, randomPassword } from './random-password.ts';
import type { Secret } from './secret.ts';
import { invalidParameter, invalidRequest, secretExists, secretNotFound } from './secret-error.ts';
import { matchingSecrets } from './secret-filters.ts';
import type { SecretsStore } from './secrets-store.ts';
import { dayOf, secretIdOf, secretValueOf, tokenOf } from './value-operations.ts';

const LIST_MAX = 100;
const RECOVERY_DAYS = { min: 7, max: 30 };
const DAY_MS = 86_400_000;
const NAME = { minLength: 1, maxLength: 512, pattern: /[-/_+=.@!a-zA-Z0-9]+/ };

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Secrets as a whole: their life, descriptions, tags and policies. IAM evaluates the policies of the template, not those put here. */
export function secretOperations(store: SecretsStore, arnPrefix: string, nowMs: () => number): AwsService {
  const secretOf = (input: Input): Secret => store.secret(secretIdOf(input));
  const any = (input: Input): Secret => {
    const secret = store.find(secretIdOf(input));
    if (secret) return secret;
    throw secretNotFound();
  };
  const identify = ({ arn, name }: Secret): Record<string, unknown> => ({ ARN: arn, Name: name });
  return {
    CreateSecret: (input) => {
      const name = requiredText(input, 'Name', NAME);
      const existing = store.find(name);
      if (existing?.deletion) {
        throw invalidRequest(
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      const value = secretValueOf(input);
      const token = tokenOf(input);
      if (existing) {
        const current = existing.versions[0];
        const isRetry = token !== undefined && current?.id === token && current.value === value?.value;
        if (isRetry) return { ...identify(existing), VersionId: token };
        throw secretExists(`The operation failed because the secret ${name} already exists.`);
      }
      const arn = `${arnPrefix}:secret:${name}-${randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 6)}`;
      const secret = store.create(
        { name, arn, description: optionalText(input, 'Description', { maxLength: 2048 }) },
        value,
        token,
      );
      secret.kmsKeyId = optionalText(input, 'KmsKeyId');
      tag(secret, input.Tags);
      store.changed(secret);
      return { ...identify(secret), ...(secret.versions[0] && { VersionId: secret.versions[0].id }) };
    },
    UpdateSecret: (input) => {
      const secret = secretOf(input);
      const description = optionalText(input, 'Description', { maxLength: 2048 });
      const kmsKeyId = optionalText(input, 'KmsKeyId');
      if (description !== undefined) secret.description = description;
      if (kmsKeyId !== undefined) secret.kmsKeyId = kmsKeyId;
      store.changed(secret);
      const value = secretValueOf(input);
      if (!value) return identify(secret);
      return { ...identify(secret), VersionId: store.put(secret, value, tokenOf(input) ?? randomUUID()).id };
    },
    DeleteSecret: (input) => {
      const days = optionalInteger(input, 'RecoveryWindowInDays');
      const isForced = input.ForceDeleteWithoutRecovery === true;
      if (isForced && days !== undefined) {
        throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
      }
      const { min, max } = RECOVERY_DAYS;
      if (days !== undefined && (days < min || days > max)) {
        throw invalidParameter(`The RecoveryWindowInDays value must be between ${min} and ${max} days (inclusive).`);
      }
      const found = store.find(secretIdOf(input));
      if (!found && isForced) return { Name: input.SecretId, DeletionDate: nowMs() / 1_000 };
      const secret = any(input);
      if (secret.deletion && !isForced) {
        throw invalidRequest(
          "You can't perform this operation on the secret because it was already scheduled for deletion.",
        );
      }
      const dueMs = nowMs() + (isForced ? 0 : (days ?? max) * DAY_MS);
      if (isForced) store.delete(secret);
      secret.deletion = { requestedMs: nowMs(), dueMs };
      if (!isForced) store.changed(secret);
      return { ...identify(secret), DeletionDate: dueMs / 1_000 };
    },
    RestoreSecret: (input) => {
      const secret = any(input);
      secret.deletion = undefined;
      store.changed(secret);
      return identify(secret);
    },
    DescribeSecret: (input) => describe(any(input)),
    ListSecrets: (input) => {
      const { page, nextToken } = matchingSecrets(store.secrets(), input, LIST_MAX);
      return { SecretList: page.map(listed), ...(nextToken !== undefined && { NextToken: nextToken }) };
    },
    TagResource: (input) => {
      const secret = secretOf(input);
      tag(secret, requiredList<Tag>(input, 'Tags'));
      store.changed(secret);
    },
    UntagResource: (input) => {
      const secret = secretOf(input);
      for (const key of requiredList<string>(input, 'TagKeys')) delete secret.tags[key];
      store.changed(secret);
    },
    GetResourcePolicy: (input) => {
      const secret = secretOf(input);
      return { ...identify(secret), ...(secret.policy !== undefined && { ResourcePolicy: secret.policy }) };
    },
    PutResourcePolicy: (input) => {
      const secret = secretOf(input);
      secret.policy = requiredText(input, 'ResourcePolicy', { minLength: 1, maxLength: 20_480 });
      store.changed(secret);
      return identify(secret);
    },
    DeleteResourcePolicy: (input) => {
      const secret = secretOf(input);
      secret.policy = undefined;
      store.changed(secret);
      return identify(secret);
    },
    GetRandomPassword: (input) => {
      optionalInteger(input, 'PasswordLength', { min: 1, max: 4096 });
      return { RandomPassword: randomPassword(input as PasswordOptions) };
    },
  };
}

function tag({ tags }: Secret, added: unknown): void {
  for (const { Key, Value } of (added ?? []) as readonly Tag[]) tags[Key] = Value;
}

function describe(secret: Secret): Record<string, unknown> {
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0);
  return {
    ...overview(secret),
    VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, stages])),
  };
}

function listed(secret: Secret): Record<string, unknown> {
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0);
  return {
    ...overview(secret),
    SecretVersionsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, stages])),
  };
}

/** Members that are `undefined` are left out of the JSON. */
function overview(secret: Secret): Record<string, unknown> {
  const { rotation, deletion, lastRotatedMs } = secret;
  const accessedMs = Math.max(0, ...secret.versions.map((version) => version.accessedMs ?? 0));
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: rotation?.isEnabled ?? false,
    RotationLambdaARN: rotation?.functionArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: lastRotatedMs === undefined ? undefined : lastRotatedMs / 1_000,
    LastChangedDate: secret.changedMs / 1_000,
    LastAccessedDate: accessedMs === 0 ? undefined : dayOf(accessedMs),
    NextRotationDate: rotation?.isEnabled && rotation.nextMs !== undefined ? rotation.nextMs / 1_000 : undefined,
    DeletedDate: deletion && deletion.requestedMs / 1_000,
    CreatedDate: secret.createdMs / 1_000,
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
