import type { MetricQuery } from '../../adapters/controls/metric-reader.ts';
import type { SignalSpec } from '../../contract/controller-spec.ts';
import { breakerReading, type LoadReading, type ShardBreakerPhase } from '../../resilience/load-signals.ts';

/** One signal with what has to be asked for it, and what the answers mean. */
export interface PlannedSignal {
  readonly queries: readonly MetricQuery[];
  /** The breaker to look at; undefined for a signal of CloudWatch. */
  readonly breaker?: { readonly service: string; readonly dependency: string };
  /**
   * @param value of a query, by its place in `queries`; undefined where CloudWatch has none.
   * @param shards phases of `breaker`, one for each shard; none where nobody is to go by them.
   */
  readonly readings: (
    value: (query: number) => number | undefined,
    shards: readonly ShardBreakerPhase[],
  ) => readonly LoadReading[];
}

/** What is older than its budget is late; twice as old is as late as it may get. */
const AGE_FACTOR = 2;
/** Concurrency in use from which on there is little left, and that at which Lambda refuses. */
const CONCURRENCY_FROM = 0.8;
const CONCURRENCY_TO = 1;
/** Share of invocations refused by Lambda that is as bad as it may get; any at all is a sign. */
const THROTTLED_TO = 0.1;

type MakeQuery = (number: number, rest: Omit<MetricQuery, 'id'>) => MetricQuery;

/** Says for each signal what to ask CloudWatch; the ids of all queries differ. */
export function planSignals(signals: readonly SignalSpec[]): readonly PlannedSignal[] {
  return signals.map((signal, index) => planSignal(signal, (number, rest) => ({ id: `s${index}_${number}`, ...rest })));
}

function planSignal(signal: SignalSpec, query: MakeQuery): PlannedSignal {
  switch (signal.kind) {
    case 'queue':
      return age(signal, `the oldest message of the queue '${signal.name}' waits`, 1, [
        query(0, newest('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: signal.name })),
      ]);
    case 'stream':
      return age(signal, `the slowest consumer of the stream '${signal.name}' is behind by`, 1_000, [
        query(0, newest('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName: signal.name })),
      ]);
    case 'consumer':
      return age(signal, `the consumer '${signal.name}' is behind its stream by`, 1_000, [
        query(0, newest('AWS/Lambda', 'IteratorAge', { FunctionName: signal.name })),
      ]);
    case 'function':
      return functionSignal(signal, query);
    case 'account':
      return {
        queries: [query(0, newest('AWS/Lambda', 'ConcurrentExecutions', {}))],
        readings: (value) => [concurrency('the account', value(0), signal.concurrency)],
      };
    case 'breaker': {
      const { service, dependency, overload } = signal;
      return {
        queries: [],
        breaker: { service, dependency },
        readings: (_, shards) => [breakerReading(`'${service}' for '${dependency}'`, shards, overload)],
      };
    }
  }
}

function newest(namespace: string, metricName: string, dimensions: MetricQuery['dimensions']): Omit<MetricQuery, 'id'> {
  return { namespace, metricName, dimensions, take: 'newest' };
}

function age(
  { maxAgeSeconds }: { readonly maxAgeSeconds: number },
  what: string,
  unitsPerSecond: number,
  queries: readonly MetricQuery[],
): PlannedSignal {
  return {
    queries,
    readings: (value) => {
      const measured = value(0);
      const seconds = measured === undefined ? undefined : measured / unitsPerSecond;
      const cause = `${what} ${Math.round(seconds ?? 0)} s, with a budget of ${maxAgeSeconds} s`;
      return [{ cause, value: seconds, from: maxAgeSeconds, to: maxAgeSeconds * AGE_FACTOR }];
    },
  };
}

function functionSignal(
  { name, reservedConcurrency }: Extract<SignalSpec, { kind: 'function' }>,
  query: MakeQuery,
): PlannedSignal {
  const dimensions = { FunctionName: name };
  const sum = (metricName: string) => ({ namespace: 'AWS/Lambda', metricName, dimensions, take: 'sum' as const });
  const queries = [query(0, sum('Throttles')), query(1, sum('Invocations'))];
  if (reservedConcurrency !== undefined) {
    queries.push(query(2, newest('AWS/Lambda', 'ConcurrentExecutions', dimensions)));
  }
  return {
    queries,
    readings: (value) => {
      const throttles = value(0) ?? 0;
      // Invocations do not include those that were refused.
      const asked = throttles + (value(1) ?? 0);
      const ratio = asked > 0 ? throttles / asked : undefined;
      const cause = `Lambda refused ${throttles} of ${asked} invocations of '${name}'`;
      return [
        { cause, value: ratio, from: 0, to: THROTTLED_TO },
        ...(reservedConcurrency === undefined ? [] : [concurrency(`'${name}'`, value(2), reservedConcurrency)]),
      ];
    },
  };
}

function concurrency(whose: string, used: number | undefined, limit: number): LoadReading {
  return {
    cause: `${whose} uses ${used ?? 0} of ${limit} concurrent invocations`,
    value: used === undefined ? undefined : used / limit,
    from: CONCURRENCY_FROM,
    to: CONCURRENCY_TO,
  };
}
