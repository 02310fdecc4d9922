/** One datum, as CloudWatch's PutMetricData takes it. */
export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  /** Seconds since the epoch. */
  readonly Timestamp: number;
  readonly Unit: string;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  /** 1 for high resolution, else 60 seconds. */
  readonly StorageResolution: number;
}

/** Receives metrics that a function wrote into its log: the input of one PutMetricData call. */
export type OnMetrics = (namespace: string, data: readonly MetricDatum[]) => void;

/** At most this many metrics per directive, dimensions per set and values per metric. */
const METRICS_MAX = 100;
const DIMENSIONS_MAX = 30;
const VALUES_MAX = 100;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Gives the metrics of a log line in CloudWatch's embedded metric format to `onMetrics`, once per directive and set of
 * dimensions; a line that is not in the format, or breaks its rules, has none. A prefix before the JSON, which Lambda's
 * text format puts there, is skipped as CloudWatch does. Source: CloudWatch user guide, "Specification: Embedded metric
 * format".
 */
export function readEmbeddedMetrics(text: string, onMetrics: OnMetrics): void {
  // Most lines are none: only those with the word are parsed.
  if (!text.includes('"_aws"')) return;
  const root = parse(text.slice(text.indexOf('{')));
  const metadata = fieldsOf(root?._aws);
  const timestampMs = metadata?.Timestamp;
  if (!root || !metadata || typeof timestampMs !== 'number' || !Array.isArray(metadata.CloudWatchMetrics)) return;
  for (const directive of metadata.CloudWatchMetrics.map(fieldsOf)) {
    const { Namespace: namespace, Metrics: metrics } = directive ?? {};
    if (typeof namespace !== 'string' || namespace === '' || !Array.isArray(metrics) || metrics.length > METRICS_MAX)
      continue;
    for (const dimensions of dimensionSets(directive?.Dimensions, root)) {
      const data = metrics.flatMap((definition) => datum(fieldsOf(definition), root, dimensions, timestampMs / 1_000));
      if (data.length > 0) onMetrics(namespace, data);
    }
  }
}

function parse(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Without `Dimensions`, or with an empty list, the metric has one set, without dimensions. A set that names a missing field is none. */
function dimensionSets(sets: unknown, root: Fields): MetricDatum['Dimensions'][] {
  if (!Array.isArray(sets) || sets.length === 0) return [[]];
  return sets.flatMap((set: unknown) => {
    if (!Array.isArray(set) || set.length > DIMENSIONS_MAX) return [];
    const dimensions = set.map((name) => ({ Name: String(name), Value: root[String(name)] }));
    const isComplete = dimensions.every(({ Value }) => typeof Value === 'string' && Value !== '');
    return isComplete ? [dimensions.map(({ Name, Value }) => ({ Name, Value: String(Value) }))] : [];
  });
}

function datum(
  definition: Fields | undefined,
  root: Fields,
  dimensions: MetricDatum['Dimensions'],
  timestamp: number,
): MetricDatum[] {
  const { Name: name, Unit: unit = 'None', StorageResolution: resolution } = definition ?? {};
  if (typeof name !== 'string') return [];
  const value = root[name];
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0 || values.length > VALUES_MAX || !values.every((one) => Number.isFinite(one))) return [];
  return [
    {
      MetricName: name,
      Dimensions: dimensions,
      Timestamp: timestamp,
      Unit: String(unit),
      ...(Array.isArray(value)
        ? { Values: values as number[], Counts: values.map(() => 1) }
        : { Value: value as number }),
      StorageResolution: resolution === 1 ? 1 : 60,
    },
  ];
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
