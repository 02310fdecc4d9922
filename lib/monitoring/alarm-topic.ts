import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import type { AlarmActionConfig, IAlarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';

export interface AlarmTopicProps {
  /** Address that every alarm is mailed to, once its owner has confirmed. @default - nobody is subscribed */
  readonly email?: string;
}

/**
 * Where all alarms of a stage go. Give it to the alarm constructs as their action; subscribe to `topic` what should
 * hear of them.
 */
export class AlarmTopic extends Construct implements IAlarmAction {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
    super(scope, id);
    if (props.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(props.email)) {
      throw new SpillwayError('invalid-email', `alarms: email must be an e-mail address, got '${props.email}'`, this);
    }
    // A key of our own, at 1 USD a month: CloudWatch cannot publish to a topic under the `aws/sns` key, whose policy
    // nobody can change, and such alarms fail without a sound.
    const key = new Key(this, 'Key', {
      description: 'Encrypts what alarms say until it is delivered',
      enableKeyRotation: true,
      // Nothing under it outlives its delivery, so there is nothing to keep it for.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Resource', { masterKey: key, enforceSSL: true });

    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key's policy this is the key itself.
        resources: ['*'],
        conditions,
      }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions,
      }),
    );
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }

  bind(_scope: Construct, _alarm: IAlarm): AlarmActionConfig {
    return { alarmActionArn: this.topic.topicArn };
  }
}
