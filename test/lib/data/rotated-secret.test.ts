import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { RotatedSecret } from '../../../lib/data/rotated-secret.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createSecret(rotateEvery?: Duration): {
  secret: RotatedSecret;
  template: () => Template;
  resolve: (value: unknown) => unknown;
} {
  const stack = flaggedStack();
  const rotation = new ServiceFunction(stack, 'Rotate', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Rotates',
  });
  const secret = new RotatedSecret(stack, 'Key', {
    description: 'Signs',
    rotation,
    environment: Env.SIGNING_KEY_SECRET,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(rotateEvery && { rotateEvery }),
  });
  return { secret, template: () => Template.fromStack(stack), resolve: (value) => stack.resolve(value) };
}

describe('RotatedSecret', () => {
  it('begins with a generated value, so that no template ever holds one', () => {
    const { template } = createSecret();
    template().hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      Properties: { GenerateSecretString: { PasswordLength: 64 }, SecretString: Match.absent(), Name: Match.absent() },
    });
  });

  it('is rotated at once and every 30 days, once its function may be called and may do its work', () => {
    const { template, resolve, secret } = createSecret();
    const [schedule] = Object.values(template().findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedule?.Properties).toMatchObject({
      SecretId: resolve(secret.secret.secretArn),
      RotationRules: { AutomaticallyAfterDays: 30 },
      RotateImmediatelyOnUpdate: true,
    });
    expect(schedule?.DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^RotateFunctionInvokedBySecretsManager/),
        expect.stringMatching(/^RotateRoleDefaultPolicy/),
      ]),
    );
  });

  it('may be read and written by its rotation, and by no wildcard', () => {
    const { template, resolve, secret } = createSecret();
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: [
              'secretsmanager:DescribeSecret',
              'secretsmanager:GetSecretValue',
              'secretsmanager:PutSecretValue',
              'secretsmanager:UpdateSecretVersionStage',
            ],
            Resource: resolve(secret.secret.secretArn),
          },
        ]),
      },
    });
  });

  it('lets only Secrets Manager of this account call the rotation', () => {
    createSecret()
      .template()
      .hasResourceProperties('AWS::Lambda::Permission', {
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      });
  });

  it('accepts 1 and 1,000 days, and fails beyond', () => {
    expect(() => createSecret(Duration.days(1))).not.toThrow();
    expect(() => createSecret(Duration.days(1_000))).not.toThrow();
    expect(() => createSecret(Duration.hours(23))).toThrow(
      'secret: rotateEvery must be whole days between 1 day and 1000 days, got 23 hours [Stack/Key]',
    );
    expect(() => createSecret(Duration.hours(36))).toThrow(
      'secret: rotateEvery must be whole days between 1 day and 1000 days, got 1 day 12 hours [Stack/Key]',
    );
    expect(() => createSecret(Duration.days(1_001))).toThrow(
      'secret: rotateEvery must be whole days between 1 day and 1000 days, got 1001 days [Stack/Key]',
    );
  });
});
