import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { validateDuration } from '../validate.ts';

export interface EventStreamProps {
  /**
   * How long events can be read again, 1 to 365 days. A dead letter names events by their place in the stream, so this
   * is also how long there is to look at one. @default Duration.days(1)
   */
  readonly retention?: Duration;
  /** What becomes of the stream when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/** Events for whoever wants to know: Kinesis on demand, which scales by itself, encrypted at rest. */
export class EventStream extends Construct {
  readonly stream: Stream;
  /** How long events can be read again. */
  readonly retention: Duration;

  constructor(scope: Construct, id: string, props: EventStreamProps) {
    super(scope, id);
    this.retention = props.retention ?? Duration.days(1);
    validateDuration('event stream: retention', this.retention, {
      min: Duration.days(1),
      max: Duration.days(365),
      whole: 'hours',
      scope: this,
    });
    this.stream = new Stream(this, 'Resource', {
      streamMode: StreamMode.ON_DEMAND,
      // The account's Kinesis key: producers and consumers need no rights on it, and it costs nothing.
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: this.retention,
      removalPolicy: props.removalPolicy,
    });
  }
}
