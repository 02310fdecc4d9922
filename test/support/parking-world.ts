import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context, SQSRecord } from 'aws-lambda';
import type { AdmissionDecision } from '../../lambdas/adapters/admission/admission.ts';
import { createIdGenerator } from '../../lambdas/adapters/id-generator.ts';
import type { RouteSpec } from '../../lambdas/contract/route-spec.ts';
import { claimParked } from '../../lambdas/middleware/claim-parked.ts';
import { type Exchange, findExchange, openExchange } from '../../lambdas/middleware/exchange.ts';
import { type ParkRequest, parkRequest } from '../../lambdas/middleware/park-request.ts';
import { findReadmission } from '../../lambdas/middleware/readmission.ts';
import { type ReadmitParked, readmitParked } from '../../lambdas/middleware/readmit-parked.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryParked } from './memory-parked-table.ts';
import { authorizerContext, lambdaContext, type ProxyEventOptions, proxyEvent } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';

export const CHECKOUT: RouteSpec = {
  method: 'POST',
  path: '/api/checkout',
  scope: 'feed:write',
  limits: [],
  priority: 'critical',
  priorityByTier: { pro: 'critical-plus' },
  latencyTargetMs: 200,
  parkForSeconds: 60,
  dependencies: [],
};

export const VISIBILITY_MS = 60_000;
export const FUNCTION_MS = 10_000;

interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  visibleAtMs: number;
  receives: number;
}

/** What goes wrong at the operation of this name; `kill` ends the function before it, `kill-after` behind it. */
export type Fault = 'fail' | 'fail-after' | 'kill' | 'kill-after';
export type Faults = (operation: string) => Fault | undefined;

/**
 * A service with a parking queue on a manual clock. Its function can be killed at every operation: what it waits for then
 * never comes, as in an environment that is gone.
 */
export class ParkingWorld {
  readonly clock = new ManualClock();
  readonly table = new MemoryParked();
  readonly logger = new RecordingLogger();
  readonly messages: QueuedMessage[] = [];
  /** Effect id → how often a handler wrote it, that is, found that it was not there. */
  readonly effects = new Map<string, number>();
  /** How often a handler ran. */
  runs = 0;
  /** Handlers that began a request while another one, alive, was at it. */
  overlaps = 0;
  /** Callers whose place was given back. */
  readonly released: string[] = [];
  readonly delays: number[] = [];
  faults: Faults = () => undefined;
  /** What admission says to a parked request. */
  admits: (event: APIGatewayProxyEvent) => number | undefined = () => undefined;
  handler: () => { statusCode: number; headers?: Record<string, string>; body?: string } = () => ({
    statusCode: 201,
    headers: { 'Content-Type': 'application/json' },
    body: '{"ok":true}',
  });
  /** What a middleware does to a parked request that was begun. */
  onServe: (event: APIGatewayProxyEvent) => void = () => undefined;
  parkedMax = 100;
  random: () => number = () => 0.5;
  readonly #working = new Set<string>();
  readonly #nextId = createIdGenerator(this.clock);
  #sent = 0;

  /** Offers a request that the store has told to park. `killed` where nobody was answered. */
  async park(options: Partial<ProxyEventOptions> = {}, route = CHECKOUT, sub = 'alice') {
    const event = proxyEvent({
      method: 'POST',
      resource: route.path,
      body: { cart: 1 },
      authorizer: authorizerContext({ sub }),
      ...options,
    });
    const exchange = this.exchange(event, route, sub);
    return this.#invocation((step) => this.#parking(step)(event, exchange));
  }

  exchange(event: APIGatewayProxyEvent, route = CHECKOUT, sub = 'alice', tier = 'free'): Exchange {
    return {
      requestId: event.requestContext.requestId,
      traceparent: undefined,
      startedMs: this.clock.now(),
      deadlineMs: this.clock.now() + FUNCTION_MS,
      isHinted: false,
      route: { spec: route, name: `${route.method} ${route.path}`, handler: async () => ({ statusCode: 201 }) },
      caller: { sub, tier, scopes: ['feed:write'], expiresAtSeconds: 0 },
      decision: { outcome: 'parked', load: { overload: 1, inFlight: 10, limit: 10, parked: 0 } } as AdmissionDecision,
    };
  }

  /** Delivers these messages to the function, as one batch. */
  async deliver(messages: readonly QueuedMessage[], context: Context = this.context()) {
    for (const message of messages) {
      message.receives += 1;
      message.visibleAtMs = this.clock.now() + VISIBILITY_MS;
    }
    const Records = messages.map((message) => record(message));
    const outcome = await this.#invocation((step) => this.#readmission(step)({ Records }, context));
    if (outcome === 'killed') return outcome;
    const failed = new Set(outcome.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id } of messages) if (!failed.has(id)) this.#delete(id);
    return outcome;
  }

  /** Delivers what is due, until the queue is empty or time is up. */
  async run(untilMs = Number.POSITIVE_INFINITY, batch = 3): Promise<void> {
    while (this.messages.length > 0) {
      const nextMs = Math.min(...this.messages.map(({ visibleAtMs }) => visibleAtMs));
      if (nextMs > untilMs) return;
      this.clock.set(Math.max(this.clock.now(), nextMs));
      await this.deliver(this.messages.filter(({ visibleAtMs }) => visibleAtMs <= this.clock.now()).slice(0, batch));
    }
  }

  /** SQS delivers at least once. */
  duplicate(): void {
    for (const message of [...this.messages]) this.messages.push({ ...message, id: `${message.id}-again` });
  }

  context(remainingMs = FUNCTION_MS): Context {
    return lambdaContext({ remainingMs });
  }

  /** Runs until it is over or killed. */
  #invocation<T>(run: (step: Step) => Promise<T>): Promise<T | 'killed'> {
    return new Promise((resolve, reject) => {
      const invocation = { onKill: (): void => {} };
      const kill = () => {
        invocation.onKill();
        resolve('killed');
        return new Promise<never>(() => {});
      };
      const step: Step = Object.assign(
        async <R>(name: string, operation: () => Promise<R>): Promise<R> => {
          const fault = this.faults(name);
          if (fault === 'kill') await kill();
          if (fault === 'fail') throw new Error(`${name} failed`);
          const result = await operation();
          if (fault === 'kill-after') await kill();
          if (fault === 'fail-after') throw new Error(`the answer of ${name} was lost`);
          return result;
        },
        { invocation },
      );
      run(step).then(resolve, reject);
    });
  }

  #shared(step: Step) {
    const { table } = this;
    return {
      table: {
        create: (...given) => step('create', () => table.create(...given)),
        find: (...given) => step('find', () => table.find(...given)),
        withdraw: (...given) => step('withdraw', () => table.withdraw(...given)),
        claim: (...given) => step('claim', () => table.claim(...given)),
        finish: (...given) => step('finish', () => table.finish(...given)),
        expire: (...given) => step('expire', () => table.expire(...given)),
        abandon: (...given) => step('abandon', () => table.abandon(...given)),
      } satisfies typeof table extends infer T ? Omit<T, 'items'> : never,
      nextId: this.#nextId,
      clock: this.clock,
      random: () => this.random(),
      logger: this.logger,
      releasePlace: (caller: string) => void this.released.push(caller),
    };
  }

  #parking(step: Step): ParkRequest {
    return parkRequest({
      ...this.#shared(step),
      queue: { send: (body, delaySeconds) => step('send', async () => this.#send(body, delaySeconds)) },
      waiting: () => step('count', async () => this.messages.length),
      parkedMax: this.parkedMax,
    });
  }

  #readmission(step: Step): ReadmitParked {
    return readmitParked({
      ...this.#shared(step),
      queue: { giveBack: (handle, seconds) => step('giveBack', async () => this.#giveBack(handle, seconds)) },
      serve: (event) => this.#serve(event, step),
    });
  }

  /** Stands for the middlewares: admission, the claim, and a handler that writes its effect under the effect's id. */
  async #serve(event: APIGatewayProxyEvent, step: Step): Promise<APIGatewayProxyResult> {
    const readmission = findReadmission(event);
    if (readmission === undefined) throw new Error('a message was served that is no readmission');
    openExchange(event, this.exchange(event));
    const refusal = await step('admit', async () => this.admits(event));
    if (refusal !== undefined) return { statusCode: refusal, headers: {}, body: '' };
    await claimParked().before?.({ event } as never);
    const answered = findExchange(event)?.reply;
    if (answered !== undefined) return answered;
    this.onServe(event);

    const effectId = readmission.parkedId;
    this.runs += 1;
    if (this.#working.has(effectId)) this.overlaps += 1;
    this.#working.add(effectId);
    const leave = () => this.#working.delete(effectId);
    step.invocation.onKill = leave;
    await step('effect', async () => {
      if (!this.effects.has(effectId)) this.effects.set(effectId, 1);
    });
    leave();
    const { statusCode, headers = {}, body = '' } = this.handler();
    return { statusCode, headers, body };
  }

  #send(body: string, delaySeconds: number): void {
    this.#sent += 1;
    const visibleAtMs = this.clock.now() + delaySeconds * 1_000;
    this.messages.push({ id: `message-${this.#sent}`, body, visibleAtMs, receives: 0 });
  }

  #giveBack(id: string, seconds: number): void {
    this.delays.push(seconds);
    const message = this.messages.find((each) => each.id === id);
    if (message !== undefined) message.visibleAtMs = this.clock.now() + seconds * 1_000;
  }

  #delete(id: string): void {
    const index = this.messages.findIndex((message) => message.id === id);
    if (index >= 0) this.messages.splice(index, 1);
  }
}

type Step = (<R>(name: string, operation: () => Promise<R>) => Promise<R>) & {
  readonly invocation: { onKill: () => void };
};

function record({ id, body, receives }: QueuedMessage): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:parking',
    awsRegion: 'eu-west-1',
  };
}
