import type { BaseOptions } from '@platformatic/kafka';
import { KafkaTopicJson } from '../../contract/broker-spec.ts';
import { Env } from '../../contract/environment.ts';
import type { Clock } from '../clock.ts';
import { type Environment, parseVariable, readVariable } from '../read-environment.ts';
import { signKafkaToken } from './kafka-token.ts';

/** The topic that `Env.EVENT_TOPIC` names, and how its cluster is spoken to: TLS, and a token for each connection. */
export interface EnvironmentTopic {
  readonly topic: string;
  readonly options: BaseOptions;
}

/** @throws RangeError where a variable is missing or broken. */
export function readEnvironmentTopic(environment: Environment, clock: Clock): EnvironmentTopic {
  const { brokers, topic } = parseVariable(environment, Env.EVENT_TOPIC, KafkaTopicJson);
  const signing = {
    region: readVariable(environment, 'AWS_REGION'),
    credentials: {
      accessKeyId: readVariable(environment, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: readVariable(environment, 'AWS_SECRET_ACCESS_KEY'),
      sessionToken: environment.AWS_SESSION_TOKEN,
    },
  };
  return {
    topic,
    options: {
      clientId: 'spillway',
      bootstrapBrokers: brokers.split(','),
      tls: {},
      sasl: { mechanism: 'OAUTHBEARER', token: () => signKafkaToken({ ...signing, nowMs: clock.now() }) },
      connectTimeout: 3_000,
      requestTimeout: 5_000,
      // How long the brokers may take to replicate what they were sent.
      timeout: 4_000,
      // Whoever publishes tries again, and knows the time that is left.
      retries: 0,
      autocreateTopics: false,
    },
  };
}
