import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { functionNameOf } from '../function-spec.ts';
import { type ConsumerOptions, ShardConsumer } from './shard-consumer.ts';
import { type StreamMappingSpec, streamMappingSpec } from './stream-mapping-spec.ts';

export interface EventSourceOptions extends ConsumerOptions {
  readonly region: string;
  readonly accountId: string;
}

/** What the console shows of a mapping. */
export interface EventSourceStatus {
  readonly logicalId: string;
  readonly functionName: string;
  readonly streamArn: string;
  /** Records that were put and not yet done with. */
  readonly backlog: number;
}

/** The event source mappings of an assembly. */
export interface EventSources {
  status(): readonly EventSourceStatus[];
  /** Stops reading; resolves when what is in flight has ended. */
  close(): Promise<void>;
}

/**
 * Starts every `AWS::Lambda::EventSourceMapping` among `resources`.
 *
 * @throws TwinError where one reads another source than a Kinesis stream.
 */
export function startEventSources(resources: readonly ResolvedResource[], options: EventSourceOptions): EventSources {
  const specs = resources
    .filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping')
    .flatMap((resource) => streamMappingSpec(resource) ?? []);
  const mappings = specs.map((spec) => ({ spec, consumers: consumersOf(spec, options) }));
  return {
    status: () =>
      mappings.map(({ spec, consumers }) => ({
        logicalId: spec.logicalId,
        functionName: functionNameOf(spec.functionName),
        streamArn: spec.streamArn,
        backlog: consumers.reduce((sum, { backlog }) => sum + backlog, 0),
      })),
    close: async () => {
      await Promise.all(mappings.flatMap(({ consumers }) => consumers.map((consumer) => consumer.stop())));
    },
  };
}

function consumersOf(spec: StreamMappingSpec, options: EventSourceOptions): ShardConsumer[] {
  const stream = options.store.stream(spec.streamArn);
  const isArn = spec.functionName.startsWith('arn:');
  const functionArn = isArn
    ? spec.functionName
    : `arn:aws:lambda:${options.region}:${options.accountId}:function:${spec.functionName}`;
  return stream.shards.map(
    ({ id }) => new ShardConsumer(spec, stream, { streamArn: spec.streamArn, shardId: id, functionArn }, options),
  );
}
