import * as sdk from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SecretsRoom, startSecretsManager } from '../../../../../local/twin/aws/secrets-manager/secrets-room.ts';
import { resource, secretArn } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const DAY_MS = 86_400_000;
const GenerateSecretString = {
  SecretStringTemplate: '{"user":"ada"}',
  GenerateStringKey: 'password',
  PasswordLength: 20,
};
const template = (properties: object) => resource('AWS::SecretsManager::Secret', secretArn, { ...properties });

describe('secrets manager service', () => {
  let running: RunningService<SecretsRoom>;
  let secrets: sdk.SecretsManagerClient;

  beforeEach(async () => {
    running = await runService(startSecretsManager, {
      name: 'secretsmanager',
      resources: [template({ GenerateSecretString, Tags: [{ Key: 'team', Value: 'core' }] })],
    });
    secrets = new sdk.SecretsManagerClient(running.client());
  });
  afterEach(() => running.close());

  const get = (SecretId: string, more: object = {}) =>
    secrets.send(new sdk.GetSecretValueCommand({ SecretId, ...more }));
  const put = (SecretString: string, more: object = {}) =>
    secrets.send(new sdk.PutSecretValueCommand({ SecretId: 'database', SecretString, ...more }));
  const describeSecret = () => secrets.send(new sdk.DescribeSecretCommand({ SecretId: 'database' }));

  it('generates the secret of the template, once', async () => {
    const first = await get(secretArn);
    expect(JSON.parse(first.SecretString ?? '')).toEqual({ user: 'ada', password: expect.stringMatching(/^.{20}$/) });
    expect([first.Name, first.VersionStages]).toEqual(['database', ['AWSCURRENT']]);
    await running.room.provision([template({ GenerateSecretString, Description: 'new' })]);
    expect((await get(secretArn)).VersionId).toBe(first.VersionId);
    expect((await describeSecret()).Description).toBe('new');
    await running.room.provision([template({ SecretString: 'plain' })]);
    expect((await get(secretArn)).SecretString).toBe('plain');
  });

  it('moves the labels when a new version becomes current', async () => {
    const before = await get('database');
    const { VersionId } = await put('next', { VersionStages: ['AWSPENDING'] });
    expect((await get('database', { VersionStage: 'AWSPENDING' })).SecretString).toBe('next');
    await secrets.send(
      new sdk.UpdateSecretVersionStageCommand({
        SecretId: 'database',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: VersionId,
        RemoveFromVersionId: before.VersionId,
      }),
    );
    expect((await get('database')).SecretString).toBe('next');
    expect((await describeSecret()).VersionIdsToStages).toEqual({
      [String(before.VersionId)]: ['AWSPREVIOUS'],
      [String(VersionId)]: ['AWSPENDING', 'AWSCURRENT'],
    });
    expect((await get('database', { VersionId: before.VersionId })).SecretString).toBe(before.SecretString);
  });

  it('takes the same token with the same value for a retry', async () => {
    const ClientRequestToken = 'a'.repeat(32);
    await put('next', { ClientRequestToken });
    await put('later');
    expect((await put('next', { ClientRequestToken })).VersionId).toBe(ClientRequestToken);
    expect((await get('database')).SecretString).toBe('later');
  });

  it('keeps versions without a label for those who ask for them', async () => {
    for (const value of ['a', 'b', 'c']) await put(value);
    const list = async (IncludeDeprecated: boolean) =>
      (await secrets.send(new sdk.ListSecretVersionIdsCommand({ SecretId: 'database', IncludeDeprecated }))).Versions
        ?.length;
    expect([await list(false), await list(true)]).toEqual([2, 4]);
  });

  it('creates, updates, tags, lists and reads secrets in bulk', async () => {
    const SecretBinary = Buffer.from([1, 2, 3]);
    const { ARN } = await secrets.send(new sdk.CreateSecretCommand({ Name: 'app/key', SecretBinary }));
    expect(ARN).toMatch(/:secret:app\/key-[A-Za-z0-9]{6}$/);
    expect(Buffer.from((await get('app/key')).SecretBinary ?? [])).toEqual(SecretBinary);
    await secrets.send(new sdk.UpdateSecretCommand({ SecretId: 'app/key', Description: 'of the app' }));
    await secrets.send(new sdk.TagResourceCommand({ SecretId: 'app/key', Tags: [{ Key: 'team', Value: 'web' }] }));
    const list = async (Filters: sdk.Filter[]) =>
      (await secrets.send(new sdk.ListSecretsCommand({ Filters }))).SecretList?.map(({ Name }) => Name);
    expect(await list([{ Key: 'name', Values: ['app/'] }])).toEqual(['app/key']);
    expect(await list([{ Key: 'tag-value', Values: ['!web'] }])).toEqual(['database']);
    const batch = await secrets.send(new sdk.BatchGetSecretValueCommand({ SecretIdList: ['app/key', 'none'] }));
    expect(batch.SecretValues?.map(({ Name }) => Name)).toEqual(['app/key']);
    expect(batch.Errors?.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).toEqual([
      ['none', 'ResourceNotFoundException'],
    ]);
  });

  it('keeps a deleted secret for its recovery window, and brings it back until then', async () => {
    const remove = () => secrets.send(new sdk.DeleteSecretCommand({ SecretId: 'database', RecoveryWindowInDays: 7 }));
    const { DeletionDate } = await remove();
    expect(DeletionDate?.getTime()).toBe(running.clock.now() + 7 * DAY_MS);
    await expect(get('database')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
    await secrets.send(new sdk.RestoreSecretCommand({ SecretId: 'database' }));
    await get('database');
    await remove();
    running.clock.advance(7 * DAY_MS);
    await expect(describeSecret()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps and tells resource policies', async () => {
    const SecretId = 'database';
    await secrets.send(new sdk.PutResourcePolicyCommand({ SecretId, ResourcePolicy: '{"Version":"2012-10-17"}' }));
    expect((await secrets.send(new sdk.GetResourcePolicyCommand({ SecretId }))).ResourcePolicy).toBe(
      '{"Version":"2012-10-17"}',
    );
  });

  it('makes random passwords', async () => {
    const { RandomPassword } = await secrets.send(new sdk.GetRandomPasswordCommand({ PasswordLength: 12 }));
    expect(RandomPassword).toHaveLength(12);
  });

  it('tells the schedule of a rotation', async () => {
    const RotationRules = { ScheduleExpression: 'rate(2 days)' };
    const rotate = { SecretId: 'database', RotationLambdaARN: 'arn:rotate', RotationRules, RotateImmediately: false };
    await secrets.send(new sdk.RotateSecretCommand(rotate));
    const told = await describeSecret();
    expect(told).toMatchObject({ RotationEnabled: true, RotationLambdaARN: 'arn:rotate', RotationRules });
    expect(told.NextRotationDate?.getTime()).toBe(running.clock.now() + 2 * DAY_MS);
    await secrets.send(new sdk.CancelRotateSecretCommand({ SecretId: 'database' }));
    expect((await describeSecret()).RotationEnabled).toBe(false);
  });
});
