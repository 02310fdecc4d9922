import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { functionNameOf } from '../function-spec.ts';
import { Checkpoints } from './checkpoints.ts';
import type { EventSourceOptions } from './event-source-options.ts';
import { mappingSpec } from './mapping-spec.ts';
import { prepareMapping } from './start-mapping.ts';

/** What the console shows of a mapping. */
export interface EventSourceStatus {
  readonly logicalId: string;
  readonly functionName: string;
  /** ARN of the stream or queue. */
  readonly streamArn: string;
  /** Records that were put and not yet done with. */
  readonly backlog: number;
  /** When the oldest of these arrived, for streams; `undefined` where none waits. */
  readonly oldestMs?: number | undefined;
}

/** The event source mappings of an assembly. */
export interface EventSources {
  status(): readonly EventSourceStatus[];
  /** Stops reading; resolves when what is in flight has ended. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts every `AWS::Lambda::EventSourceMapping` among `resources` that is switched on, or none where one is refused. To
 * replace them, close them and start again with the same `checkpoints`.
 *
 * @throws TwinError that names the mapping, where AWS would refuse it or the twin does not know its source.
 */
export function startEventSources(resources: readonly ResolvedResource[], options: EventSourceOptions): EventSources {
  const { checkpoints = new Checkpoints() } = options;
  const prepared = resources
    .filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping')
    .flatMap((resource) => mappingSpec(resource) ?? [])
    .map((spec) => ({ spec, start: prepareMapping(spec, { resources, options, checkpoints }) }));
  const mappings = prepared.map(({ spec, start }) => ({ spec, consumer: start() }));
  return {
    status: () =>
      mappings.map(({ spec, consumer }) => ({
        logicalId: spec.logicalId,
        functionName: functionNameOf(spec.functionName),
        streamArn: spec.sourceArn,
        backlog: consumer.backlog,
        oldestMs: consumer.oldestMs,
      })),
    close: async () => {
      await Promise.all(mappings.map(({ consumer }) => consumer.stop()));
      checkpoints.flush();
    },
  };
}
