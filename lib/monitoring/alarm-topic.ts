import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type AlarmActionConfig, type IAlarm, type IAlarmAction, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { createDeadLetterQueue } from '../messaging/dead-letter-queue.ts';
import { SpillwayError } from '../spillway-error.ts';
import { addAlarms } from './add-alarms.ts';

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
    if (props.email !== undefined) this.subscribe(props.email);
  }

  /** What SNS could not mail is in a queue, so that it can be told from what nobody has looked at. */
  private subscribe(email: string): void {
    const undelivered = createDeadLetterQueue(this, 'Undelivered');
    Validations.of(undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This queue is the dead-letter queue itself, of a subscription.',
    });
    this.topic.addSubscription(new EmailSubscription(email, { deadLetterQueue: undelivered }));
    // Told by the same topic: whoever else is subscribed hears of it, and CloudWatch shows it.
    addAlarms(this, this, [
      {
        id: 'UndeliveredAlarms',
        description: `An alarm could not be mailed to ${email}; what it said is in the queue.`,
        runbook: 'messaging.md#alarms-undelivered',
        metric: undelivered.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
          statistic: Stats.MAXIMUM,
        }),
        threshold: 1,
      },
    ]);
  }

  bind(_scope: Construct, _alarm: IAlarm): AlarmActionConfig {
    return { alarmActionArn: this.topic.topicArn };
  }
}
