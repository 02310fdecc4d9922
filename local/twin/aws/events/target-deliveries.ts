import type { AwsContext } from '../aws-room.ts';
import type { Principal } from '../principal.ts';
import { queueUrlOfArn } from '../queue-of-arn.ts';
import { type DeliveryFailure, RetriedDeliveries } from '../retried-deliveries.ts';
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

/** AWS waits longer and longer between tries, with jitter, and does not say how long: here a second, doubled up to a minute. */
const PAUSE_MAX_MS = 60_000;

export type DeliveryContext = Pick<AwsContext, 'callAws' | 'invokeAsync' | 'log' | 'nowMs'>;

/** Calls targets, tries again what may pass, and brings what does not to a dead-letter queue. */
export class TargetDeliveries {
  readonly #context: DeliveryContext;
  readonly #deliveries: RetriedDeliveries;

  constructor(context: DeliveryContext, setTimer: SetTimer) {
    this.#context = context;
    this.#deliveries = new RetriedDeliveries(context, setTimer);
  }

  /** Begins, and does not wait for the end. */
  begin(delivery: Delivery): void {
    const { retriesMax, ageMaxMs } = delivery;
    const endMs = this.#context.nowMs() + ageMaxMs;
    const isTooOld = (retries: number): boolean => this.#context.nowMs() + pauseAfterMs(retries) > endMs;
    void this.#deliveries.begin({
      attempt: () => this.#attempt(delivery),
      pauseMs: (retries) => (retries >= retriesMax || isTooOld(retries) ? undefined : pauseAfterMs(retries)),
      giveUp: (failure, retries) => {
        const condition = isTooOld(retries) ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts';
        return this.#giveUp(delivery, failure, retries, failure.isLasting ? undefined : condition);
      },
    });
  }

  settled(): Promise<void> {
    return this.#deliveries.settled();
  }

  close(): Promise<void> {
    return this.#deliveries.close();
  }

  async #attempt({ targetArn, input, principal, parameters }: Delivery): Promise<DeliveryFailure | undefined> {
    const service = targetArn.split(':')[2];
    if (service === 'lambda') return this.#deliveries.invoke(targetArn, parsed(input), principal);
    const call = CALLS[service ?? ''];
    if (!call) return { code: 'INVALID_PARAMETER', message: `the twin knows no target ${targetArn}`, isLasting: true };
    const [operation, members] = call(targetArn, input);
    return this.#deliveries.call(service ?? '', operation, { ...members, ...parameters }, principal);
  }

  async #giveUp(
    delivery: Delivery,
    { code, message }: DeliveryFailure,
    retries: number,
    condition?: string,
  ): Promise<void> {
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
    const failure = await this.#deliveries.call('sqs', 'SendMessage', letter, principal);
    if (failure)
      this.#context.log(`${lost}; nor could its dead-letter queue be reached: ${failure.code}: ${failure.message}`);
  }
}

function pauseAfterMs(retries: number): number {
  return Math.min(PAUSE_MAX_MS, 1_000 * 2 ** retries);
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
