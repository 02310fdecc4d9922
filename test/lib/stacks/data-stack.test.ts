import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES, type StageName } from '../../../bin/stages.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { WORK_NAMES } from '../../../lambdas/contract/work.ts';
import { WorkQueue } from '../../../lib/messaging/work-queue.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { flaggedApp } from '../../support/flagged-app.ts';

function createStack(stageName: StageName): { stack: DataStack; template: Template } {
  const stack = new DataStack(flaggedApp(), 'Data', { stageName, stage: STAGES[stageName] });
  return { stack, template: Template.fromStack(stack) };
}

const STATEFUL = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::Kinesis::Stream',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup',
];

describe('DataStack', () => {
  let dev: ReturnType<typeof createStack>;
  let prod: ReturnType<typeof createStack>;
  beforeAll(() => {
    dev = createStack('dev');
    prod = createStack('prod');
  });

  it('outlives its own deletion in prod, which is refused besides', () => {
    expect(prod.stack.terminationProtection).toBe(true);
    for (const type of STATEFUL)
      prod.template.allResources(type, {
        // What has a name of its own leaves nothing of a creation that is rolled back.
        DeletionPolicy: Match.stringLikeRegexp('^Retain(ExceptOnCreate)?$'),
        UpdateReplacePolicy: 'Retain',
      });
  });

  it('leaves nothing behind in dev', () => {
    expect(dev.stack.terminationProtection).toBe(false);
    for (const type of STATEFUL) dev.template.allResources(type, { DeletionPolicy: 'Delete' });
  });

  it('keeps events as long as the stage says, and the archive of them', () => {
    dev.template.hasResourceProperties('AWS::Kinesis::Stream', { RetentionPeriodHours: 24 });
    prod.template.hasResourceProperties('AWS::Kinesis::Stream', { RetentionPeriodHours: 168 });
    const archiveKept = (ExpirationInDays: number) => ({
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays, Status: 'Enabled' })] },
    });
    dev.template.hasResourceProperties('AWS::S3::Bucket', archiveKept(7));
    prod.template.hasResourceProperties('AWS::S3::Bucket', archiveKept(400));
  });

  it('has a queue for each kind of work, which is behind when the stage says so', () => {
    for (const { stack } of [dev, prod]) {
      expect(Object.entries(stack.work).map(([name, queue]) => [name, queue.name])).toEqual(
        WORK_NAMES.map((name) => [name, name]),
      );
    }
    const { video } = dev.stack.work;
    expect(video instanceof WorkQueue && video.maxAge.toMinutes()).toBe(5);
    expect(prod.stack.work.activity.maxAge.toMinutes()).toBe(15);
  });

  it('lets the rotation do what a rotation does, and nothing else', () => {
    const { stack, template } = dev;
    expect(allowedActions(stack, template, stack.rotateSigningKey)).toEqual({
      [stack.getLogicalId(stack.rotateSigningKey.logGroup.node.defaultChild as never)]: [
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ],
      '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      TablesVerificationKeys660673D8: ['dynamodb:PutItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
      SigningKey159D907F: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { [Env.STAGE]: 'dev', [Env.ACCESS_TOKEN_SECONDS]: '900' } },
    });
  });

  it('has two secrets, of which the signing key is rotated', () => {
    dev.template.resourceCountIs('AWS::SecretsManager::Secret', 2);
    dev.template.resourcePropertiesCountIs(
      'AWS::SecretsManager::RotationSchedule',
      { RotationRules: { AutomaticallyAfterDays: 30 } },
      1,
    );
  });
});
