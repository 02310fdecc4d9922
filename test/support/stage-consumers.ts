import type { KinesisStreamEvent } from 'aws-lambda';
import type { DomainEvent, EventType } from '../../lambdas/contract/events/domain-event.ts';
import { EVENT_SCHEMAS } from '../../lambdas/contract/events/domain-event.ts';
import { createStreamBatchWorker } from '../../lambdas/middleware/stream-batch-worker.ts';
import { createStreamKeyWorker } from '../../lambdas/middleware/stream-key-worker.ts';
import type { StreamWorker } from '../../lambdas/middleware/stream-worker.ts';
import { AUTHORS_IN_FLIGHT, MAX_TOGETHER } from '../../lambdas/workers/notifications/notify-followers.ts';
import { type Random, seededRandom } from '../../local/soak/seeded-random.ts';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import { KinesisStore } from '../../local/twin/aws/kinesis/kinesis-store.ts';
import { provisionStreams } from '../../local/twin/aws/kinesis/provision-streams.ts';
import { Checkpoints } from '../../local/twin/functions/event-sources/checkpoints.ts';
import { startEventSources } from '../../local/twin/functions/event-sources/event-sources.ts';
import type { InvokeOutcome } from '../../local/twin/functions/invoke.ts';
import { ManualTimers } from './manual-timers.ts';
import { lambdaContext } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';
import { resourceAt } from './resource-at.ts';
import { resource } from './running-aws.ts';

export type Consumer = 'AnalyticsWorker' | 'NotificationsWorker';

/** What is wrong with a consumer: its invocations, each of its events, or the consumer as a whole. */
export type ConsumerFault = 'throws' | 'hangs' | 'rejects each event' | 'is throttled' | 'is switched off';

export interface ConsumersRun {
  readonly resources: readonly ResolvedResource[];
  readonly seed: number;
  /** Whether each consumer reads the stream on its own, or all share it. */
  readonly fanOut: boolean;
  /** Events are published for so long. */
  readonly lengthMs: number;
  readonly fault?: {
    readonly consumer: Consumer;
    readonly kind: ConsumerFault;
    readonly fromMs: number;
    readonly toMs: number;
  };
}

/** One effect of an event; `lagMs` after it was published. */
export interface Effect {
  readonly id: string;
  readonly subject: string;
  readonly atMs: number;
  readonly lagMs: number;
}

export interface ConsumersHistory {
  readonly published: readonly DomainEvent[];
  /** In the order in which they were done. */
  readonly effects: Readonly<Record<Consumer, readonly Effect[]>>;
  /** Age of the oldest event that is not done with, second by second. */
  readonly lagsMs: Readonly<Record<Consumer, readonly number[]>>;
  /** Sentences about what was given up. */
  readonly log: readonly string[];
}

const CONSUMERS: readonly Consumer[] = ['AnalyticsWorker', 'NotificationsWorker'];
const SUBJECTS = 12;
const EVENTS_PER_SECOND = 2;

/**
 * Two consumers of a stage's event stream, with the mappings of its template, the runtimes of its workers, and effects that
 * take a while and are noted; all on one clock that runs as fast as it can.
 */
export async function runConsumers(run: ConsumersRun): Promise<ConsumersHistory> {
  const timers = new ManualTimers();
  const nowMs = () => timers.clock.now();
  const startMs = nowMs();
  const place = { region: 'us-east-1', accountId: '000000000000', nowMs };
  const store = new KinesisStore(`arn:aws:kinesis:${place.region}:${place.accountId}`, nowMs, undefined);
  const stream = resourceAt(run.resources, 'AWS::Kinesis::Stream', 'Events');
  const streamArn = `${store.arnPrefix}:stream/${stream.physicalId}`;
  const consumerArn = (consumer: Consumer) => `${streamArn}/consumer/${consumer}:1`;
  const registered = CONSUMERS.map((ConsumerName) => {
    const properties = { ConsumerName, StreamARN: streamArn };
    return resource('AWS::Kinesis::StreamConsumer', consumerArn(ConsumerName), properties);
  });
  provisionStreams([stream, ...registered], store, nowMs);

  const published: DomainEvent[] = [];
  const effects: Record<Consumer, Effect[]> = { AnalyticsWorker: [], NotificationsWorker: [] };
  const lagsMs: Record<Consumer, number[]> = { AnalyticsWorker: [], NotificationsWorker: [] };
  const log: string[] = [];

  const faultOf = (consumer: Consumer): ConsumerFault | undefined => {
    const { fault } = run;
    const sinceMs = nowMs() - startMs;
    return fault?.consumer === consumer && sinceMs >= fault.fromMs && sinceMs < fault.toMs ? fault.kind : undefined;
  };
  const workers = createWorkers(timers, (consumer, { id, subject, time }) => {
    if (faultOf(consumer) === 'rejects each event') return false;
    effects[consumer].push({ id, subject, atMs: nowMs() - startMs, lagMs: nowMs() - Date.parse(time) });
    return true;
  });
  const invoke = async (consumer: Consumer, timeoutMs: number, payload: unknown): Promise<InvokeOutcome> => {
    switch (faultOf(consumer)) {
      case 'is throttled':
        return { ok: false, kind: 'throttled', errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' };
      case 'throws':
        await wait(timers, 50);
        return { ok: false, kind: 'failed', errorType: 'Error', errorMessage: 'a bug' };
      case 'hangs':
        await wait(timers, timeoutMs);
        return { ok: false, kind: 'timed-out', errorType: 'Sandbox.Timedout', errorMessage: 'timed out' };
      default: {
        const context = lambdaContext({ remainingMs: timeoutMs });
        return { ok: true, payload: await workers[consumer](payload as KinesisStreamEvent, context) };
      }
    }
  };
  const checkpoints = new Checkpoints();
  const start = (consumer: Consumer) => {
    const mapping = resourceAt(run.resources, 'AWS::Lambda::EventSourceMapping', `${consumer}/Source`);
    const { properties } = resourceAt(run.resources, 'AWS::Lambda::Function', `${consumer}/Worker`);
    const EventSourceArn = run.fanOut ? consumerArn(consumer) : streamArn;
    const resources = [{ ...mapping, properties: { ...mapping.properties, EventSourceArn } }];
    return startEventSources(resources, {
      ...place,
      setTimer: timers.setTimer,
      log: (line) => log.push(line),
      streamOf: (arn) => store.streamOf(arn),
      checkpoints,
      callAws: async () => ({}),
      invoke: (_name, payload) => invoke(consumer, Number(properties.Timeout) * 1_000, payload),
    });
  };
  const sources = new Map(CONSUMERS.map((consumer) => [consumer, start(consumer)]));
  const { fault } = run;
  if (fault?.kind === 'is switched off') {
    timers.setTimer(fault.fromMs, () => void sources.get(fault.consumer)?.close());
    timers.setTimer(fault.toMs, () => sources.set(fault.consumer, start(fault.consumer)));
  }

  startPublishing(timers, run, (event) => {
    published.push(event);
    const record = { partitionKey: event.subject, data: Buffer.from(JSON.stringify(event)).toString('base64') };
    const target = store.stream(stream.physicalId);
    store.append(target, store.shardFor(target, record), record);
  });
  for (let second = 0; second < run.lengthMs / 1_000; second += 1) {
    await timers.advance(1_000);
    for (const [consumer, source] of sources) {
      const { oldestMs = nowMs() } = source.status()[0] ?? {};
      lagsMs[consumer].push(nowMs() - oldestMs);
    }
  }
  // What was published last is done with.
  await timers.advance(60_000);
  await Promise.all([...sources.values()].map((source) => source.close()));
  return { published, effects, lagsMs, log };
}

/** The runtimes of both workers; `act` says whether an event's effect was had. */
function createWorkers(
  timers: ManualTimers,
  act: (consumer: Consumer, event: DomainEvent) => boolean,
): Readonly<Record<Consumer, StreamWorker>> {
  const options = { setTimer: timers.setTimer, logger: new RecordingLogger() };
  return {
    NotificationsWorker: createStreamKeyWorker({
      ...options,
      types: ['FeedUpdated'],
      concurrency: AUTHORS_IN_FLIGHT,
      maxTogether: MAX_TOGETHER,
      handleEvents: async (events) => {
        await wait(timers, 30 + 5 * events.length);
        const failed = events.filter((event) => !act('NotificationsWorker', event));
        if (failed.length > 0) throw new Error('the table is gone');
      },
    }),
    AnalyticsWorker: createStreamBatchWorker({
      ...options,
      types: Object.keys(EVENT_SCHEMAS) as EventType[],
      handleBatch: async (events) => {
        await wait(timers, 20 + events.length);
        return new Set(events.filter((event) => !act('AnalyticsWorker', event)).map(({ id }) => id));
      },
    }),
  };
}

/** Publishes events for the length of a run, at times of a Poisson process: -ln(1 - u) / rate apart. */
function startPublishing(
  timers: ManualTimers,
  { seed, lengthMs }: Pick<ConsumersRun, 'seed' | 'lengthMs'>,
  put: (event: DomainEvent) => void,
): void {
  const random = seededRandom(seed);
  const endMs = timers.clock.now() + lengthMs;
  const publishNext = (at: number) => {
    const delayMs = (-Math.log(1 - random()) / EVENTS_PER_SECOND) * 1_000;
    if (timers.clock.now() + delayMs >= endMs) return;
    timers.setTimer(delayMs, () => {
      put(nextEvent(at, timers.clock.now(), random));
      publishNext(at + 1);
    });
  };
  publishNext(0);
}

function wait(timers: ManualTimers, delayMs: number): Promise<void> {
  return new Promise((resolve) => void timers.setTimer(delayMs, resolve));
}

/** Half of the events are posts, and half are views. */
function nextEvent(at: number, nowMs: number, random: Random): DomainEvent {
  const subject = `subject-${Math.floor(random() * SUBJECTS)}`;
  const time = new Date(nowMs).toISOString();
  const envelope = { specversion: '1.0', source: '/test', time, subject, datacontenttype: 'application/json' } as const;
  const id = String(at);
  return random() < 0.5
    ? { ...envelope, id, type: 'FeedUpdated', data: { postId: `post-${at}`, authorId: subject, createdAt: time } }
    : { ...envelope, id, type: 'PostViewed', data: { postId: subject, viewerId: 'ada' } };
}
