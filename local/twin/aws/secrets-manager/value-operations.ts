import { randomUUID } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { AwsError, asAwsError } from '../aws-error.ts';
import { optionalText, requiredList, requiredText } from '../member-constraints.ts';
import type { Secret } from './secret.ts';
import { invalidParameter, invalidRequest } from './secret-error.ts';
import { matchingSecrets } from './secret-filters.ts';
import type { SecretsStore, SecretValue } from './secrets-store.ts';

/** Bytes of a value; API reference, PutSecretValue. */
const VALUE_BYTES_MAX = 65_536;
const BATCH_MAX = 20;

/** Values, versions and staging labels. */
export function valueOperations(store: SecretsStore): AwsService {
  const secretOf = (input: Input): Secret => store.secret(secretIdOf(input));
  return {
    GetSecretValue: (input) => readValue(store, secretOf(input), input),
    BatchGetSecretValue: (input) => {
      const ids = input.SecretIdList as readonly string[] | undefined;
      if (ids !== undefined && input.Filters !== undefined) {
        throw invalidParameter("You can't use both SecretIdList and Filters in one request.");
      }
      if (ids !== undefined) requiredList(input, 'SecretIdList', { minLength: 1, maxLength: BATCH_MAX });
      const { page, nextToken } = matchingSecrets(store.secrets(), input, BATCH_MAX);
      const Errors: unknown[] = [];
      const SecretValues = (ids ?? page.map(({ arn }) => arn)).flatMap((SecretId) => {
        try {
          return readValue(store, store.secret(SecretId), {});
        } catch (error) {
          const { type, message } = asAwsError(error);
          Errors.push({ SecretId, ErrorCode: type, Message: message });
          return [];
        }
      });
      return { SecretValues, Errors, ...(ids === undefined && nextToken !== undefined && { NextToken: nextToken }) };
    },
    PutSecretValue: (input) => {
      const secret = secretOf(input);
      const token = tokenOf(input) ?? randomUUID();
      const value = secretValueOf(input);
      if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
      const stages = input.VersionStages as readonly string[] | undefined;
      const version = store.put(secret, value, token, stages);
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
    },
    ListSecretVersionIds: (input) => {
      const secret = secretOf(input);
      const Versions = secret.versions
        .filter(({ stages }) => stages.length > 0 || input.IncludeDeprecated === true)
        .map(({ id, stages, createdMs, accessedMs }) => ({
          VersionId: id,
          VersionStages: stages,
          CreatedDate: createdMs / 1_000,
          ...(accessedMs !== undefined && { LastAccessedDate: dayOf(accessedMs) }),
        }));
      return { ARN: secret.arn, Name: secret.name, Versions };
    },
    UpdateSecretVersionStage: (input) => {
      const secret = secretOf(input);
      const stage = requiredText(input, 'VersionStage', { minLength: 1, maxLength: 256 });
      const from = optionalText(input, 'RemoveFromVersionId');
      const to = optionalText(input, 'MoveToVersionId');
      const owner = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
      // AWS insists that the caller knows where the label is, so that two rotations cannot overtake each other.
      if (owner !== undefined && owner !== to && owner !== from) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be ${from ?? 'empty'}. Staging label ${stage} is currently attached to ` +
            `version ${owner}, so you must explicitly reference that version in RemoveFromVersionId.`,
        );
      }
      if (from !== undefined && owner !== from) {
        throw invalidParameter(
          `Staging label ${stage} is not attached to version ${from}, which RemoveFromVersionId names.`,
        );
      }
      store.moveStage(secret, stage, to);
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

export function secretIdOf(input: Input): string {
  return requiredText(input, 'SecretId', { minLength: 1, maxLength: 2048 });
}

export function tokenOf(input: Input): string | undefined {
  return optionalText(input, 'ClientRequestToken', { minLength: 32, maxLength: 64 });
}

/** The value in a request; `undefined` where it has none. @throws AwsError where it has two, or too long a one. */
export function secretValueOf(input: Input): SecretValue | undefined {
  const value = optionalText(input, 'SecretString');
  const binary = optionalText(input, 'SecretBinary');
  if (value !== undefined && binary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const member = value === undefined ? 'secretBinary' : 'secretString';
  const bytes = value === undefined ? Buffer.byteLength(binary ?? '', 'base64') : Buffer.byteLength(value);
  if (bytes > VALUE_BYTES_MAX) {
    // The value itself is a secret, so AWS leaves it out of the sentence.
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or ` +
        `equal to ${VALUE_BYTES_MAX}`,
    );
  }
  return value === undefined && binary === undefined ? undefined : { value, binary };
}

function readValue(store: SecretsStore, secret: Secret, input: Input): Record<string, unknown> {
  const { versionId, version } = store.read(secret, {
    versionId: optionalText(input, 'VersionId', { minLength: 32, maxLength: 64 }),
    versionStage: optionalText(input, 'VersionStage', { minLength: 1, maxLength: 256 }),
  });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: versionId,
    ...(version.value !== undefined && { SecretString: version.value }),
    ...(version.binary !== undefined && { SecretBinary: version.binary }),
    VersionStages: version.stages,
    CreatedDate: version.createdMs / 1_000,
  };
}

/** AWS tells the day of the last access, at midnight UTC. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / 86_400_000) * 86_400;
}
