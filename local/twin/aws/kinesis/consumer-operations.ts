import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, optionalText, requiredText } from '../member-constraints.ts';
import { inUse, invalidArgument, limitExceeded, notFound } from './kinesis-error.ts';
import type { KinesisStore } from './kinesis-store.ts';
import type { Stream, StreamConsumer } from './stream.ts';

/** Consumers of one stream that AWS registers. */
const CONSUMERS_MAX = 20;

/** Enhanced fan-out: consumers may be registered, and mappings read by their ARN; SubscribeToShard is HTTP/2 and not offered. */
export function consumerOperations(store: KinesisStore, nowMs: () => number): AwsService {
  const streamOf = (input: Input): Stream => store.stream(requiredText(input, 'StreamARN', { minLength: 1 }));
  const consumerOf = (input: Input): { readonly stream: Stream; readonly consumer: StreamConsumer } => {
    const arn = optionalText(input, 'ConsumerARN');
    const name = optionalText(input, 'ConsumerName');
    if (arn === undefined && (name === undefined || input.StreamARN === undefined)) {
      throw invalidArgument('Must provide either ConsumerARN, or StreamARN and ConsumerName.');
    }
    const stream = arn === undefined ? streamOf(input) : store.stream(arn);
    const consumer = stream.state.consumers.find((known) => known.arn === arn || known.name === name);
    if (consumer) return { stream, consumer };
    throw notFound(
      arn === undefined
        ? `Consumer ${name}, stream ${stream.name} under account ${store.accountId} not found.`
        : `Consumer ${arn} not found.`,
    );
  };
  return {
    RegisterStreamConsumer: (input) => {
      const stream = streamOf(input);
      const name = requiredText(input, 'ConsumerName', { minLength: 1, maxLength: 128, pattern: /[a-zA-Z0-9_.-]+/ });
      const createdMs = nowMs();
      const arn = `${stream.arn}/consumer/${name}:${Math.floor(createdMs / 1_000)}`;
      return { Consumer: describe(registerConsumer(store, stream, { name, arn, createdMs })) };
    },
    DescribeStreamConsumer: (input) => {
      const { stream, consumer } = consumerOf(input);
      return { ConsumerDescription: { ...describe(consumer), StreamARN: stream.arn } };
    },
    ListStreamConsumers: (input) => {
      const max = optionalInteger(input, 'MaxResults', { min: 1, max: 10_000 }) ?? 100;
      const after = optionalText(input, 'NextToken') ?? '';
      const consumers = streamOf(input)
        .state.consumers.filter(({ name }) => name > after)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = consumers.slice(0, max);
      return {
        Consumers: page.map(describe),
        ...(consumers.length > max && { NextToken: page.at(-1)?.name }),
      };
    },
    DeregisterStreamConsumer: (input) => {
      const { stream, consumer } = consumerOf(input);
      stream.state.consumers.splice(stream.state.consumers.indexOf(consumer), 1);
      store.changed(stream);
    },
    SubscribeToShard: () => {
      throw new AwsError(
        'UnsupportedOperationException',
        'the twin does not offer SubscribeToShard, which pushes records over HTTP/2; read by GetRecords, or by an event ' +
          'source mapping on the ARN of the consumer',
      );
    },
  };
}

/** @throws AwsError where the stream has one of the name, or as many as AWS allows. */
export function registerConsumer(store: KinesisStore, stream: Stream, consumer: StreamConsumer): StreamConsumer {
  const { consumers } = stream.state;
  if (consumers.some(({ name }) => name === consumer.name)) {
    throw inUse(`Consumer ${consumer.name}, stream ${stream.name} under account ${store.accountId} already exists.`);
  }
  if (consumers.length >= CONSUMERS_MAX) {
    throw limitExceeded(
      `Stream ${stream.name} under account ${store.accountId} has ${CONSUMERS_MAX} consumers, the limit.`,
    );
  }
  consumers.push(consumer);
  store.changed(stream);
  return consumer;
}

function describe({ name, arn, createdMs }: StreamConsumer): Record<string, unknown> {
  return {
    ConsumerName: name,
    ConsumerARN: arn,
    ConsumerStatus: 'ACTIVE',
    ConsumerCreationTimestamp: createdMs / 1_000,
  };
}
