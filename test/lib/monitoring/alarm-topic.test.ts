import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { AlarmTopic, type AlarmTopicProps } from '../../../lib/monitoring/alarm-topic.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

function templateOf(props?: AlarmTopicProps): Template {
  const stack = flaggedStack();
  new AlarmTopic(stack, 'Alarms', props);
  return Template.fromStack(stack);
}

const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

describe('AlarmTopic', () => {
  it('is under a key that CloudWatch may use, as alarms fail without a sound otherwise', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: fromThisAccount,
          }),
        ]),
      },
    });
  });

  it('takes messages from CloudWatch of this account, and over TLS alone', () => {
    templateOf().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: fromThisAccount,
          }),
        ]),
      },
    });
  });

  it('mails to the address of the stage, and to nobody without one', () => {
    templateOf({ email: 'ops@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    templateOf().resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('keeps what could not be mailed, and rings for it', () => {
    const stack = flaggedStack();
    new AlarmTopic(stack, 'Alarms', { email: 'ops@example.com' });
    const template = Template.fromStack(stack);
    const [queue] = Object.keys(template.findResources('AWS::SQS::Queue'));
    template.hasResourceProperties('AWS::SNS::Subscription', {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [queue, 'Arn'] } },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Threshold: 1,
      AlarmDescription: Match.stringLikeRegexp('docs/runbooks/messaging.md#alarms-undelivered$'),
    });
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  it.each(['', 'ops', 'ops@', '@example.com', 'a b@example.com'])("fails on the address '%s'", (email) => {
    expect(() => templateOf({ email })).toThrow(
      `alarms: email must be an e-mail address, got '${email}' [Stack/Alarms]`,
    );
  });
});
