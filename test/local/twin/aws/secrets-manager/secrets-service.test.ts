import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAws, resource, runAws, secretArn } from '../../../../support/running-aws.ts';

describe('secrets manager service', () => {
  let running: RunningAws;

  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  it('generates the secret of the template', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    const {
      SecretString = '',
      Name,
      VersionStages,
    } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
    expect(JSON.parse(SecretString)).toEqual({ user: 'ada', password: expect.stringMatching(/^.{20}$/) });
    expect([Name, VersionStages]).toEqual(['database', ['AWSCURRENT']]);
  });

  it('moves the labels when a new version becomes current', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    const before = await secrets.send(new GetSecretValueCommand({ SecretId: 'database' }));
    const { VersionId } = await secrets.send(
      new PutSecretValueCommand({ SecretId: 'database', SecretString: 'next', VersionStages: ['AWSPENDING'] }),
    );
    const pending = await secrets.send(new GetSecretValueCommand({ SecretId: 'database', VersionStage: 'AWSPENDING' }));
    expect(pending.SecretString).toBe('next');
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'database',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: VersionId,
        RemoveFromVersionId: before.VersionId,
      }),
    );
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: 'database' }))).SecretString).toBe('next');
    const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: 'database' }));
    expect(VersionIdsToStages).toEqual({
      [String(before.VersionId)]: ['AWSPREVIOUS'],
      [String(VersionId)]: ['AWSPENDING', 'AWSCURRENT'],
    });
  });

  it('fails to move a label away from a version that the caller does not name', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: 'database' }));
    const previous = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSPREVIOUS'));
    const update = { SecretId: 'database', VersionStage: 'AWSCURRENT', MoveToVersionId: previous };
    await expect(secrets.send(new UpdateSecretVersionStageCommand(update))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('fails on a secret that does not exist', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'nothing' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it('makes random passwords', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    const { RandomPassword } = await secrets.send(new GetRandomPasswordCommand({ PasswordLength: 12 }));
    expect(RandomPassword).toHaveLength(12);
  });

  it('rotates by calling the function in four steps, with a pending version that has no value yet', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    const steps: unknown[] = [];
    const { rotation } = running.aws;
    const schedule = {
      SecretId: secretArn,
      RotationLambdaARN: 'arn:rotate',
      RotationRules: { AutomaticallyAfterDays: 30 },
    };
    const secret = rotation.attach(resource('AWS::SecretsManager::RotationSchedule', 'schedule', schedule));
    expect(secret?.name).toBe('database');
    running.onInvoke(async (functionArn, event) => {
      const { Step, SecretId, ClientRequestToken } = event as Record<string, string>;
      steps.push([functionArn, Step]);
      const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      expect(VersionIdsToStages?.[ClientRequestToken ?? '']).toContain('AWSPENDING');
      if (Step === 'createSecret') {
        const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
        await expect(secrets.send(new GetSecretValueCommand(pending))).rejects.toMatchObject({
          name: 'ResourceNotFoundException',
        });
        const value = { SecretId, ClientRequestToken, SecretString: 'rotated', VersionStages: ['AWSPENDING'] };
        await secrets.send(new PutSecretValueCommand(value));
      }
      return { ok: true, payload: null };
    });
    if (secret) expect(await rotation.rotate(secret)).toBe(true);
    expect(steps).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => ['arn:rotate', step]),
    );
  });

  it('stops a rotation at the step that fails, and says so', async () => {
    const secrets = new SecretsManagerClient(running.clientOptions());
    running.onInvoke(async () => ({ ok: false, kind: 'failed', errorType: 'Error', errorMessage: 'no' }));
    await secrets.send(new RotateSecretCommand({ SecretId: 'database' }));
    await expect
      .poll(() => running.log.at(-1))
      .toBe("the rotation of secret 'database' failed in its step createSecret: Error: no");
  });
});
