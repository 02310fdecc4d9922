import * as sdk from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SecretsRoom, startSecretsManager } from '../../../../../local/twin/aws/secrets-manager/secrets-room.ts';
import { resource, secretArn } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const SecretId = 'database';
const TOKEN = 't'.repeat(32);
type Row = readonly [title: string, () => object, name: string, message: string | RegExp];

/** API reference of Secrets Manager: errors and limits of each operation. */
const TABLE: readonly Row[] = [
  [
    'no such secret',
    () => new sdk.GetSecretValueCommand({ SecretId: 'none' }),
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  ],
  [
    'no such label',
    () => new sdk.GetSecretValueCommand({ SecretId, VersionStage: 'BLUE' }),
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret value for staging label: BLUE",
  ],
  [
    'no such version',
    () => new sdk.GetSecretValueCommand({ SecretId, VersionId: 'v'.repeat(32) }),
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for VersionId: ${'v'.repeat(32)}`,
  ],
  [
    'a label of another version',
    () => new sdk.GetSecretValueCommand({ SecretId, VersionId: TOKEN, VersionStage: 'AWSPREVIOUS' }),
    'InvalidRequestException',
    'You provided a VersionStage that is not associated to the provided VersionId.',
  ],
  [
    'no value',
    () => new sdk.PutSecretValueCommand({ SecretId }),
    'InvalidRequestException',
    'You must provide either SecretString or SecretBinary.',
  ],
  [
    'two values',
    () => new sdk.PutSecretValueCommand({ SecretId, SecretString: 'a', SecretBinary: Buffer.from('a') }),
    'InvalidParameterException',
    "You can't specify both a binary secret value and a string secret value in the same secret.",
  ],
  [
    'a value of 65,537 bytes',
    () => new sdk.PutSecretValueCommand({ SecretId, SecretString: 'a'.repeat(65_537) }),
    'ValidationException',
    "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
  ],
  [
    'a token that has another value',
    () => new sdk.PutSecretValueCommand({ SecretId, SecretString: 'other', ClientRequestToken: TOKEN }),
    'ResourceExistsException',
    `You can't use ClientRequestToken ${TOKEN} because that value is already in use for a version of secret ${secretArn}.`,
  ],
  [
    'a short token',
    () => new sdk.PutSecretValueCommand({ SecretId, SecretString: 'x', ClientRequestToken: 'short' }),
    'ValidationException',
    "1 validation error detected: Value 'short' at 'clientRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 32",
  ],
  [
    'a label moved from where the caller does not say',
    () =>
      new sdk.UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: 'v'.repeat(32),
      }),
    'InvalidParameterException',
    /^The parameter RemoveFromVersionId can't be empty\. Staging label AWSCURRENT is currently attached to version/,
  ],
  [
    'AWSCURRENT taken away',
    () => new sdk.UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', RemoveFromVersionId: TOKEN }),
    'InvalidParameterException',
    "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
  ],
  [
    'a name that is taken',
    () => new sdk.CreateSecretCommand({ Name: 'database', SecretString: 'x' }),
    'ResourceExistsException',
    'The operation failed because the secret database already exists.',
  ],
  [
    'a name to be deleted',
    () => new sdk.CreateSecretCommand({ Name: 'going' }),
    'InvalidRequestException',
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  ],
  [
    'a name with a blank',
    () => new sdk.CreateSecretCommand({ Name: 'a b' }),
    'ValidationException',
    /at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  ],
  [
    'a secret to be deleted',
    () => new sdk.PutSecretValueCommand({ SecretId: 'going', SecretString: 'x' }),
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  ],
  [
    'a recovery window of 6 days',
    () => new sdk.DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 6 }),
    'InvalidParameterException',
    'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
  ],
  [
    'a recovery window of 31 days',
    () => new sdk.DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 31 }),
    'InvalidParameterException',
    'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
  ],
  [
    'a window and force',
    () => new sdk.DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }),
    'InvalidParameterException',
    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
  ],
  [
    'a rotation without a function',
    () => new sdk.RotateSecretCommand({ SecretId }),
    'InvalidRequestException',
    'No Lambda rotation function ARN is associated with database.',
  ],
  [
    'a rotation with a token that is taken',
    () => new sdk.RotateSecretCommand({ SecretId, RotationLambdaARN: 'arn:f', ClientRequestToken: TOKEN }),
    'ResourceExistsException',
    'A secret version with this token already exists.',
  ],
  [
    'a rotation every three hours',
    () =>
      new sdk.RotateSecretCommand({
        SecretId,
        RotationLambdaARN: 'arn:f',
        RotationRules: { ScheduleExpression: 'rate(3 hours)' },
      }),
    'InvalidParameterException',
    /^ScheduleExpression 'rate\(3 hours\)' is not valid/,
  ],
  [
    'a rotation while one is unfinished',
    () => new sdk.RotateSecretCommand({ SecretId: 'pending', RotationLambdaARN: 'arn:f' }),
    'InvalidRequestException',
    "A previous rotation isn't complete. That rotation will be reattempted.",
  ],
  [
    '21 secrets at once',
    () => new sdk.BatchGetSecretValueCommand({ SecretIdList: Array.from({ length: 21 }, () => 'a') }),
    'ValidationException',
    /at 'secretIdList' failed to satisfy constraint: Member must have length less than or equal to 20$/,
  ],
  [
    'a password of no kind',
    () => new sdk.GetRandomPasswordCommand({ PasswordLength: 3 }),
    'InvalidParameterException',
    'A password of 3 characters cannot be made of what is left.',
  ],
];

describe('secrets manager service, its errors and limits', () => {
  let running: RunningService<SecretsRoom>;
  let client: sdk.SecretsManagerClient;

  beforeAll(async () => {
    running = await runService(startSecretsManager, {
      name: 'secretsmanager',
      resources: [resource('AWS::SecretsManager::Secret', secretArn, { SecretString: 'first' })],
    });
    client = new sdk.SecretsManagerClient(running.client());
    await client.send(new sdk.PutSecretValueCommand({ SecretId, SecretString: 'second', ClientRequestToken: TOKEN }));
    await client.send(new sdk.CreateSecretCommand({ Name: 'going' }));
    await client.send(new sdk.DeleteSecretCommand({ SecretId: 'going' }));
    await client.send(new sdk.CreateSecretCommand({ Name: 'pending', SecretString: 'a' }));
    const pending = { SecretId: 'pending', SecretString: 'b', VersionStages: ['AWSPENDING'] };
    await client.send(new sdk.PutSecretValueCommand(pending));
  });
  afterAll(() => running.close());

  it.each(TABLE)('fails on %s', async (_, command, name, message) => {
    const sent = client.send(command() as sdk.GetSecretValueCommand);
    await expect(sent).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('takes a value of just 65,536 bytes', async () => {
    const put = { SecretId: 'pending', SecretString: 'a'.repeat(65_536) };
    expect((await client.send(new sdk.PutSecretValueCommand(put))).VersionStages).toEqual(['AWSCURRENT']);
  });
});
