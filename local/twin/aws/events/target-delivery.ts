import { asAwsError } from '../aws-error.ts';
import type { AwsContext } from '../aws-room.ts';
import type { Principal } from '../principal.ts';
import { queueUrlOfArn } from '../queue-of-arn.ts';
import type { SetTimer } from '../set-timer.ts';

/** What is sent to a target. */
export interface Delivery {
  /** ARN of a function, a queue, a topic, a stream or a bus. */
  readonly targetArn: string;
  /** JSON text. */
  readonly input: string;
  readonly principal: Principal;
  /** Members that the target's service needs besides the input. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly deadLetterArn: string | undefined;
  /** What the dead letter says about where it comes from: `RULE_ARN`, `SCHEDULE_ARN`. */
  readonly origin: Readonly<Record<string, string>>;
  /** Body of the dead letter. */
  readonly original: string;
  readonly retriesMax: number;
  readonly ageMaxMs: number;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  /** Denied, or not there: trying again does not help. */
  readonly isLasting: boolean;
}

/** AWS waits longer and longer between tries, with jitter, and does not say how long: here a second, doubled up to a minute. */
const PAUSE_MAX_MS = 60_000;

export type DeliveryContext = Pick<AwsContext, 'callAws' | 'invokeAsync' | 'log' | 'nowMs'>;

/** Calls targets, tries again what may pass, and brings what does not to a dead-letter queue. */
export class TargetDeliveries {
  readonly #context: DeliveryContext;
  readonly #setTimer: SetTimer;
  readonly #running = new Set<Promise<void>>();
  readonly #pauses = new Set<() => void>();
  #isClosed = false;

  constructor(context: DeliveryContext, setTimer: SetTimer) {
    this.#context = context;
    this.#setTimer = setTimer;
  }

  /** Begins, and does not wait for the end. */
  begin(delivery: Delivery): void {
    const run = this.#deliver(delivery);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const endPause of this.#pauses) endPause();
    await this.settled();
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const endMs = this.#context.nowMs() + delivery.ageMaxMs;
    for (let retries = 0; ; retries += 1) {
      const failure = await this.#attempt(delivery);
      if (!failure || this.#isClosed) return;
      const pauseMs = Math.min(PAUSE_MAX_MS, 1_000 * 2 ** retries);
      const isTooOld = this.#context.nowMs() + pauseMs > endMs;
      if (failure.isLasting || retries >= delivery.retriesMax || isTooOld) {
        const condition = isTooOld ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts';
        await this.#giveUp(delivery, failure, retries, failure.isLasting ? undefined : condition);
        return;
      }
      await this.#pause(pauseMs);
    }
  }

  async #attempt({ targetArn, input, principal, parameters }: Delivery): Promise<Failure | undefined> {
    const service = targetArn.split(':')[2];
    if (service === 'lambda') {
      const outcome = await this.#context.invokeAsync(targetArn, parsed(input), principal);
      if (outcome.ok) return undefined;
      const isLasting = outcome.kind === 'denied' || outcome.kind === 'unknown-function';
      return { code: outcome.errorType, message: outcome.errorMessage, isLasting };
    }
    const call = CALLS[service ?? ''];
    if (!call) return { code: 'INVALID_PARAMETER', message: `the twin knows no target ${targetArn}`, isLasting: true };
    const [operation, members] = call(targetArn, input);
    return this.#call(service ?? '', operation, { ...members, ...parameters }, principal);
  }

  async #call(
    service: string,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    principal: Principal,
  ): Promise<Failure | undefined> {
    try {
      await this.#context.callAws(service, operation, input, principal);
      return undefined;
    } catch (thrown) {
      // A fault of the twin itself counts as one of the service: it is tried again, and reported in the end.
      const error = asAwsError(thrown);
      const isThrottled = /Throttl|ThroughputExceeded|TooManyRequests/.test(error.type);
      const isLasting = error.statusCode < 500 && !isThrottled;
      return { code: error.queryCode ?? error.type, message: error.message, isLasting };
    }
  }

  async #giveUp(delivery: Delivery, { code, message }: Failure, retries: number, condition?: string): Promise<void> {
    const { deadLetterArn, targetArn, origin, original, principal } = delivery;
    const lost = `${Object.values(origin).join(' ')} could not call ${targetArn}: ${code}: ${message}`;
    if (deadLetterArn === undefined) {
      this.#context.log(`${lost}; there is no dead-letter queue`);
      return;
    }
    const text = {
      ...origin,
      TARGET_ARN: targetArn,
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      RETRY_ATTEMPTS: String(retries),
      ...(condition !== undefined && { EXHAUSTED_RETRY_CONDITION: condition }),
    };
    const MessageAttributes = Object.fromEntries(
      Object.entries(text).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    const letter = { QueueUrl: queueUrlOfArn(deadLetterArn), MessageBody: original, MessageAttributes };
    const failure = await this.#call('sqs', 'SendMessage', letter, principal);
    if (failure)
      this.#context.log(`${lost}; nor could its dead-letter queue be reached: ${failure.code}: ${failure.message}`);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancelTimer();
        this.#pauses.delete(end);
        resolve();
      };
      const cancelTimer = this.#setTimer(ms, end);
      this.#pauses.add(end);
    });
  }
}

/** What a function gets; an input that is no JSON reaches it as a text. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

/** The operation of each kind of target, and how it takes the input. */
const CALLS: Readonly<Record<string, (arn: string, input: string) => [string, Readonly<Record<string, unknown>>]>> = {
  sqs: (arn, input) => ['SendMessage', { QueueUrl: queueUrlOfArn(arn), MessageBody: input }],
  sns: (TopicArn, Message) => ['Publish', { TopicArn, Message }],
  kinesis: (arn, input) => ['PutRecord', { StreamARN: arn, Data: Buffer.from(input).toString('base64') }],
  // The entry comes whole, as a parameter: it is made of the event, not of the input.
  events: () => ['PutEvents', {}],
};

/** Whether the twin can call a target. */
export function isKnownTarget(arn: string): boolean {
  const service = arn.split(':')[2] ?? '';
  if (service === 'lambda') return true;
  return Object.hasOwn(CALLS, service) && !arn.includes(':api-destination/') && !arn.startsWith('arn:aws:scheduler');
}
