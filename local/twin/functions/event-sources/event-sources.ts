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
  /**
   * Stops the mappings of a function, as to switch them off does; resolves with what switches them on again, once what is in
   * flight has ended.
   */
  pause(functionName: string): Promise<() => void>;
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
  const mappings = prepared.map(({ spec, start }) => ({ spec, start, consumer: start() }));
  let isClosed = false;
  return {
    status: () =>
      mappings.map(({ spec, consumer }) => ({
        logicalId: spec.logicalId,
        functionName: functionNameOf(spec.functionName),
        streamArn: spec.sourceArn,
        backlog: consumer.backlog,
        oldestMs: consumer.oldestMs,
      })),
    pause: async (functionName) => {
      const paused = mappings.filter(({ spec }) => functionNameOf(spec.functionName) === functionName);
      await Promise.all(paused.map(({ consumer }) => consumer.stop()));
      let isPaused = true;
      return () => {
        // After the end there is nobody left to stop what begins.
        if (isPaused && !isClosed) for (const mapping of paused) mapping.consumer = mapping.start();
        isPaused = false;
      };
    },
    close: async () => {
      isClosed = true;
      await Promise.all(mappings.map(({ consumer }) => consumer.stop()));
      checkpoints.flush();
    },
  };
}
