import { hash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { IdempotencyStore, KeptReply, OnceOutcome, RunResult } from '../adapters/idempotency/idempotency-store.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_REPLAYED_HEADER } from '../contract/idempotency.ts';
import { ServiceError } from '../errors/service-error.ts';
import type { Exchange, Reply } from './exchange.ts';
import { decodeBody } from './json-body.ts';
import { findReadmission } from './readmission.ts';
import type { RouteReply, RouteRequest } from './route-request.ts';
import { toReply } from './to-reply.ts';

/** What answering once works with. */
export interface IdempotentReplyOptions {
  readonly store: IdempotencyStore;
  readonly logger: ServiceLogger;
}

/** One request with a key, and how it is served. */
export interface IdempotentRequest {
  readonly event: APIGatewayProxyEvent;
  readonly exchange: Exchange;
  readonly key: string;
  /** What is left of the function's time, in ms. */
  remainingMs(): number;
  /** The route's handler, told what to name its effect. */
  handle(parts: Pick<RouteRequest, 'effectId' | 'completion'>): Promise<RouteReply>;
}

export type IdempotentReply = (request: IdempotentRequest) => Promise<Reply>;

/** Another one is at it; most are done in less. */
const RUNNING_RETRY_SECONDS = 1;
const UNAVAILABLE_RETRY_SECONDS = 1;
/** An item of DynamoDB takes 400 KB; headers, of which API Gateway takes 10,240 B, and the rest of the record fit as well. */
const REPLY_MAX_BYTES = 350_000;

/**
 * Serves a request with an `Idempotency-Key` once: who sends it again gets the same answer. Comes last, in place of the
 * handler, so that an answer which is given again has passed authorization and limits like any other.
 *
 * An answer below 400 is kept. A refusal had no effect: the record goes, and the key may be used again once its cause is
 * mended, as after an answer of 500 and more, or a throw. What that handler may have done before is safe: its effect is
 * named by caller, route and key, so it is the same one next time, also where the record was lost.
 *
 * While the store cannot be asked nothing is served, with an optional key neither: whoever sends one relies on it.
 */
export function createIdempotentReply({ store, logger }: IdempotentReplyOptions): IdempotentReply {
  return async ({ event, exchange, key, remainingMs, handle }) => {
    const { route, caller } = exchange;
    const { idempotency } = route.spec;
    if (idempotency === undefined || caller === undefined) {
      throw new TypeError(`'${route.name}' takes no idempotency key, or has no caller whose own it could be`);
    }
    const effectId = hash('sha256', JSON.stringify([caller.tenant ?? null, caller.sub, route.name, key]), 'base64url');
    const outcome = await store.once(
      { id: effectId, payloadHash: payloadHash(event), keepForSeconds: idempotency.keepForSeconds, remainingMs },
      async (completion) => {
        let completed: RouteReply | undefined;
        const reply = await handle({
          effectId,
          completion: (given) => {
            completed = given;
            return completion(assertKeepable(route.name, kept(given)));
          },
        });
        return runResult(reply, completed);
      },
    );
    return answer(outcome, exchange, event);
  };

  function runResult(reply: RouteReply, completed: RouteReply | undefined): RunResult {
    const keptReply = kept(reply);
    if (reply === completed) return { reply: keptReply, next: 'kept' };
    if (isKeepable(keptReply)) return { reply: keptReply, next: 'keep' };
    if (reply.statusCode < 400) logger.error('an answer is too large to be kept for its idempotency key');
    return { reply: keptReply, next: 'forget' };
  }
}

function answer(outcome: OnceOutcome, exchange: Exchange, event: APIGatewayProxyEvent): Reply {
  if (exchange.idempotency !== undefined) exchange.idempotency.outcome = outcome.kind;
  switch (outcome.kind) {
    case 'first':
      return outcome.reply;
    case 'replayed':
      return { ...outcome.reply, headers: { ...outcome.reply.headers, [IDEMPOTENCY_REPLAYED_HEADER]: 'true' } };
    case 'running': {
      const readmission = findReadmission(event);
      // Nobody waits for the answer: it is asked for again later.
      if (readmission !== undefined) readmission.isElsewhere = true;
      throw new ServiceError(
        'idempotency-key-running',
        `a request with this ${IDEMPOTENCY_KEY_HEADER} is being served; retry in ${RUNNING_RETRY_SECONDS} s`,
        { statusCode: 409, headers: { 'Retry-After': String(RUNNING_RETRY_SECONDS) } },
      );
    }
    case 'mismatch':
      throw new ServiceError(
        'idempotency-key-reused',
        `this ${IDEMPOTENCY_KEY_HEADER} was used for another request; use a new key for each, and the same only to send one again`,
        { statusCode: 422 },
      );
    case 'unavailable':
      throw new ServiceError(
        'idempotency-unavailable',
        'it cannot be seen at the moment whether this request was served already',
        {
          statusCode: 503,
          expose: true,
          headers: { 'Retry-After': String(UNAVAILABLE_RETRY_SECONDS) },
          cause: outcome.error,
        },
      );
  }
}

/** What was asked for: path parameters, query, and the body as it was sent, byte for byte. */
function payloadHash(event: APIGatewayProxyEvent): string {
  const { pathParameters, multiValueQueryStringParameters: query } = event;
  const parts = [entries(pathParameters), entries(query), event.body === null ? null : decodeBody(event)];
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

function entries(values: object | null): readonly unknown[] {
  return Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function kept(reply: RouteReply): KeptReply {
  const { statusCode, headers, body } = toReply(reply);
  return { statusCode, headers, body };
}

function isKeepable({ statusCode, body }: KeptReply): boolean {
  return statusCode < 400 && Buffer.byteLength(body) <= REPLY_MAX_BYTES;
}

/** Inside of the handler's transaction it would fail as well, and say less. */
function assertKeepable(routeName: string, reply: KeptReply): KeptReply {
  if (isKeepable(reply)) return reply;
  throw new RangeError(
    `'${routeName}' can complete a request with an answer below 400 of at most ${REPLY_MAX_BYTES} bytes, got ${reply.statusCode} with ${Buffer.byteLength(reply.body)}`,
  );
}
