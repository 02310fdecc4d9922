import { Aws, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ServiceFunction } from '../compute/service-function.ts';
import { validateDuration } from '../validate.ts';

export interface RotatedSecretProps {
  /** What the secret is for, shown in the console. */
  readonly description: string;
  /** Function that Secrets Manager calls for each step of a rotation. */
  readonly rotation: ServiceFunction;
  /** Environment variable of that function which receives the secret's ARN. */
  readonly environment: string;
  /** Time between rotations, in whole days: 1 to 1,000. The first one happens at once. @default Duration.days(30) */
  readonly rotateEvery?: Duration;
  /** What becomes of the secret when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A secret that a function of ours rotates. It begins with a generated string that is no key, and is rotated as soon
 * as it exists, so that no key ever passes through a template.
 */
export class RotatedSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: RotatedSecretProps) {
    super(scope, id);
    const every = props.rotateEvery ?? Duration.days(30);
    validateDuration('secret: rotateEvery', every, {
      min: Duration.days(1),
      max: Duration.days(1_000),
      whole: 'days',
      scope: this,
    });

    this.secret = new Secret(this, 'Resource', {
      description: props.description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: props.removalPolicy,
    });
    // Not `secret.addRotationSchedule`: it would also permit secretsmanager:GetRandomPassword on everything.
    props.rotation.useSecret(this.secret, {
      environment: props.environment,
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
    });
    // The function and not its alias: Secrets Manager keeps no promise about qualified ARNs.
    const rotationLambda = props.rotation.function;
    rotationLambda.addPermission('InvokedBySecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
    });
    Validations.of(rotationLambda).acknowledge({
      id: 'Annotation::@aws-cdk/aws-lambda:addPermissionsToVersionOrAlias',
      reason: 'Secrets Manager calls the function by its unqualified ARN, which is what this permission is for.',
    });
    const schedule = new CfnRotationSchedule(this, 'RotationSchedule', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: rotationLambda.functionArn,
      rotationRules: { automaticallyAfterDays: every.toDays() },
      rotateImmediatelyOnUpdate: true,
    });
    // The first rotation begins with the schedule: the permission to call and the role's policy must be there by then.
    schedule.node.addDependency(props.rotation);
  }
}
