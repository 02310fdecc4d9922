import { randomUUID } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalString, requiredString } from '../input.ts';
import { type PasswordOptions, randomPassword } from './random-password.ts';
import type { Secret, SecretsStore } from './secrets-store.ts';

/** Secrets Manager, API version 2017-10-17, as far as services and rotation functions need it. */
export function secretsManagerService(store: SecretsStore, rotate: (secret: Secret) => string): AwsService {
  const secretOf = (input: Input): Secret => store.secret(requiredString(input, 'SecretId'));
  return {
    GetSecretValue: (input) => {
      const secret = secretOf(input);
      const { versionId, version } = store.read(secret, {
        versionId: optionalString(input, 'VersionId'),
        versionStage: optionalString(input, 'VersionStage'),
      });
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: versionId,
        SecretString: version.value,
        VersionStages: [...version.stages],
        CreatedDate: version.createdMs / 1_000,
      };
    },
    PutSecretValue: (input) => {
      const secret = secretOf(input);
      const token = optionalString(input, 'ClientRequestToken') ?? randomUUID();
      const stages = input.VersionStages as readonly string[] | undefined;
      if (input.SecretBinary !== undefined) {
        throw new AwsError('InvalidParameterException', 'the twin keeps secrets as SecretString only');
      }
      store.put(secret, requiredString(input, 'SecretString'), token, stages);
      const labels = [...(secret.versions.get(token)?.stages ?? [])];
      return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: labels };
    },
    DescribeSecret: (input) => describe(secretOf(input)),
    ListSecretVersionIds: (input) => {
      const secret = secretOf(input);
      const Versions = [...secret.versions]
        .filter(([, { stages }]) => stages.size > 0 || input.IncludeDeprecated === true)
        .map(([id, { stages, createdMs }]) => ({
          VersionId: id,
          VersionStages: [...stages],
          CreatedDate: createdMs / 1_000,
        }));
      return { ARN: secret.arn, Name: secret.name, Versions };
    },
    ListSecrets: () => ({ SecretList: store.secrets().map(describe) }),
    UpdateSecretVersionStage: (input) => {
      const secret = secretOf(input);
      const stage = requiredString(input, 'VersionStage');
      const from = optionalString(input, 'RemoveFromVersionId');
      const to = optionalString(input, 'MoveToVersionId');
      const owner = [...secret.versions].find(([, { stages }]) => stages.has(stage))?.[0];
      // AWS insists that the caller knows where the label is, so that two rotations cannot overtake each other.
      if (owner !== undefined && owner !== to && owner !== from) {
        throw new AwsError(
          'InvalidParameterException',
          `The parameter RemoveFromVersionId can't be ${from ?? 'empty'}. Staging label ${stage} is currently attached to ` +
            `version ${owner}, so you must explicitly reference that version in RemoveFromVersionId.`,
        );
      }
      store.moveStage(secret, stage, to);
      return { ARN: secret.arn, Name: secret.name };
    },
    RotateSecret: (input) => {
      const secret = secretOf(input);
      return { ARN: secret.arn, Name: secret.name, VersionId: rotate(secret) };
    },
    GetRandomPassword: (input) => ({ RandomPassword: randomPassword(input as PasswordOptions) }),
  };
}

function describe(secret: Secret): Record<string, unknown> {
  const labelled = [...secret.versions].filter(([, { stages }]) => stages.size > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    RotationEnabled: secret.rotation !== undefined,
    RotationLambdaARN: secret.rotation?.functionArn,
    RotationRules: secret.rotation?.rules,
    LastRotatedDate: secret.lastRotatedMs === undefined ? undefined : secret.lastRotatedMs / 1_000,
    VersionIdsToStages: Object.fromEntries(labelled.map(([id, { stages }]) => [id, [...stages]])),
  };
}
