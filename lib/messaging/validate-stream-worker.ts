import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { retentionOf, type StreamSource } from './stream-source.ts';
import type { StreamWorkerProps } from './stream-worker.ts';

/** Lambda gives up on older events whatever it is told. */
const MAX_RECORD_AGE = Duration.days(7);
/**
 * Between giving up an event and its end in the stream. What is trimmed before Lambda gives it up is not left with the failed
 * records, and nobody is told. An attempt takes up to 15 minutes, and so may the one that was under way.
 */
const MARGIN = Duration.hours(1);
const FILTERS_MAX = 5;

/** What a worker gives up on by itself: what the stream is about to trim, or Lambda no longer tries. */
export function longestRecordAge(source: StreamSource): Duration {
  const age = retentionOf(source).minus(MARGIN);
  return age.toSeconds() > MAX_RECORD_AGE.toSeconds() ? MAX_RECORD_AGE : age;
}

/**
 * Ranges are Lambda's (API reference, CreateEventSourceMapping).
 * @throws SpillwayError
 */
export function validateStreamWorker(scope: IConstruct, props: StreamWorkerProps): void {
  const subject = `worker '${props.handler}'`;
  validateWholeNumber(`${subject}: batchSize`, props.batchSize, { min: 1, max: 10_000, scope });
  validateWholeNumber(`${subject}: parallelizationFactor`, props.parallelizationFactor, { min: 1, max: 10, scope });
  validateWholeNumber(`${subject}: retryAttempts`, props.retryAttempts, { min: 0, max: 10_000, scope });
  validateDuration(`${subject}: maxBatchingWindow`, props.maxBatchingWindow, {
    min: Duration.seconds(0),
    max: Duration.minutes(5),
    whole: 'seconds',
    scope,
  });
  validateDuration(`${subject}: tumblingWindow`, props.tumblingWindow, {
    min: Duration.seconds(1),
    max: Duration.minutes(15),
    whole: 'seconds',
    scope,
  });
  validateDuration(`${subject}: maxRecordAge`, props.maxRecordAge, {
    min: Duration.minutes(1),
    max: longestRecordAge(props.source),
    whole: 'seconds',
    hint: 'what the stream trims cannot be left with the failed records any more, and Lambda retries for 7 days at most',
    scope,
  });
  validateDuration(`${subject}: maxLag`, props.maxLag, {
    min: Duration.seconds(1),
    max: retentionOf(props.source),
    hint: 'what is older than the retention is lost',
    known: true,
    scope,
  });
  refuseOnKafka(scope, subject, props);
  const { filters = [] } = props;
  if (filters.length <= FILTERS_MAX) return;
  const message = `${subject}: filters must be at most ${FILTERS_MAX}, got ${filters.length}`;
  throw new SpillwayError('too-many-filters', message, scope);
}

/** A topic is read by its partitions, each in order and one batch at a time. @throws SpillwayError */
function refuseOnKafka(scope: IConstruct, subject: string, props: StreamWorkerProps): void {
  if (!(props.source instanceof KafkaTopic)) return;
  const given = (['parallelizationFactor', 'tumblingWindow', 'fanOut'] as const).find(
    (name) => props[name] !== undefined,
  );
  if (given === undefined) return;
  const message = `${subject}: ${given} is for streams, and the source is a Kafka topic; remove it`;
  throw new SpillwayError('not-on-kafka', message, scope);
}
