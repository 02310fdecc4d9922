import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { validateDuration } from '../validate.ts';
import { StreamCapacity } from './stream-capacity.ts';

export interface EventStreamProps {
  /**
   * How long events can be read again, 1 to 365 days. A dead letter names events by their place in the stream, so this
   * is also how long there is to look at one. @default Duration.days(1)
   */
  readonly retention?: Duration;
  /** How much the stream takes. @default StreamCapacity.onDemand() */
  readonly capacity?: StreamCapacity;
  /** What becomes of the stream when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/** Events for whoever wants to know: a Kinesis stream, encrypted at rest, which scales by itself unless it is told otherwise. */
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
    const capacity = props.capacity ?? StreamCapacity.onDemand();
    capacity.validate(this);
    const { provisioned, warmMebibytesPerSecond } = capacity;
    this.stream = new Stream(this, 'Resource', {
      ...(provisioned
        ? { streamMode: StreamMode.PROVISIONED, shardCount: provisioned.shards }
        : { streamMode: StreamMode.ON_DEMAND }),
      // The account's Kinesis key: producers and consumers need no rights on it, and it costs nothing.
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: this.retention,
      removalPolicy: props.removalPolicy,
    });
    // `Stream` does not know it yet.
    const resource = this.stream.node.defaultChild as CfnStream;
    if (warmMebibytesPerSecond !== undefined) resource.warmThroughputMiBps = warmMebibytesPerSecond;
  }
}
