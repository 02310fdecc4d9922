import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Network } from '../data/network.ts';
import { EventStream, type EventStreamProps } from './event-stream.ts';
import { KafkaTopic, type KafkaTopicProps } from './kafka-topic.ts';

/** What carries events: publishers and workers take either. */
export type EventChannel = EventStream | KafkaTopic;

/** What a stage says of its events, whatever carries them. */
export interface EventChannelProps {
  /** The VPC for what has to be in one. */
  readonly network: Network;
  readonly retention: Duration;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** What carries a stage's events. docs/adr/0026-backbones.md has what each is good for. */
export class EventBackbone {
  /** A Kinesis stream: nothing to look after, and nothing that costs while nothing happens but its hours. */
  static kinesis(props: Pick<EventStreamProps, 'capacity'> = {}): EventBackbone {
    return new EventBackbone((scope, id, { retention, removalPolicy }) => {
      return new EventStream(scope, id, { ...props, retention, removalPolicy });
    });
  }

  /** A topic of MSK Serverless, for those whose other systems speak Kafka. The twin does not run it. */
  static kafka(props: Pick<KafkaTopicProps, 'partitions'> = {}): EventBackbone {
    return new EventBackbone((scope, id, common) => new KafkaTopic(scope, id, { ...props, ...common }));
  }

  /** Makes what carries the events. */
  readonly create: (scope: Construct, id: string, props: EventChannelProps) => EventChannel;

  private constructor(create: EventBackbone['create']) {
    this.create = create;
  }
}
