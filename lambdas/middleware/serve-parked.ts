import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Clock } from '../adapters/clock.ts';
import type { IdGenerator } from '../adapters/id-generator.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { ParkedRecord, ParkedTable, StoredAnswer } from '../adapters/parking/parked-table.ts';
import { PARKED_FINISH_SECONDS } from '../contract/parked.ts';
import { readmissionDelayMs } from '../resilience/parking/readmission-delay.ts';
import { type ParkedMessage, restoreEvent } from './parked-message.ts';
import { openReadmission, type Readmission } from './readmission.ts';

/** What serving a parked request works with. */
export interface ServeParkedOptions {
  /** All middlewares and the handlers, as for any other request. */
  readonly serve: (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
  readonly table: Omit<ParkedTable, 'create' | 'withdraw'>;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ServiceLogger;
  /** Tells the store that it counts one too many among the parked in this caller's shard; not waited for. */
  readonly releasePlace: (caller: string) => void;
}

/** What becomes of the message: it is over with, or comes back. */
export type ParkedOutcome = { readonly kind: 'over' } | { readonly kind: 'again'; readonly inMs: number };

export type ServeParked = (message: ParkedMessage, receives: number, context: Context) => Promise<ParkedOutcome>;

const OVER: ParkedOutcome = { kind: 'over' };
/** A request is begun this often at most: one that ends its function each time would do so for ever. */
const ATTEMPTS_MAX = 5;
/** Lambda ends a function a moment after its time, and clocks differ by a moment. */
const LEASE_MARGIN_MS = 1_000;

/**
 * Serves a parked request that was delivered once more, unless it is over already, somebody else is at it, its deadline has
 * passed, or the load does not let it in yet.
 *
 * A message is delivered at least once and a function may end at any moment, so what keeps the effect single is: one alone
 * begins a request, by a conditional write (`claimParked`); while its lease lasts nobody else does; and what was begun and
 * not answered is begun again with the same `effectId`, under which a handler writes its effect on condition that it is not
 * there. What was never begun by its deadline has had no effect, and is recorded so; what was begun is finished.
 */
export function serveParked(options: ServeParkedOptions): ServeParked {
  const { serve, table, nextId, clock, random, logger, releasePlace } = options;

  /** What the record says before anybody asks for admission; undefined if the request is to be served. */
  async function settled(
    message: ParkedMessage,
    record: ParkedRecord | undefined,
    again: (atLeastMs?: number) => ParkedOutcome,
  ): Promise<ParkedOutcome | undefined> {
    const { parkedId, caller, deadlineMs } = message;
    const nowMs = clock.now();
    // Its caller was told that it is shed.
    if (record === undefined || record.status === 'done' || record.status === 'abandoned') return OVER;
    if (record.status === 'expired') {
      // The status resource found out first. Nobody has taken its place out of the books yet.
      releasePlace(caller);
      return OVER;
    }
    if (record.status === 'queued') {
      if (nowMs < record.deadlineMs) return undefined;
      if (!(await table.expire(parkedId, nowMs))) return again();
      releasePlace(caller);
      logger.warn('a parked request has expired', { parkedId, route: record.route });
      return OVER;
    }
    const { leaseUntilMs = 0, attempts } = record;
    if (nowMs < leaseUntilMs) return again(leaseUntilMs - nowMs);
    if (attempts < ATTEMPTS_MAX && nowMs < deadlineMs + PARKED_FINISH_SECONDS * 1_000) return undefined;
    if (!(await table.abandon(parkedId, nowMs))) return again();
    logger.error('a parked request was begun and could not be finished', { parkedId, route: record.route, attempts });
    return OVER;
  }

  return async (message, receives, context) => {
    const { parkedId, caller, parkedAtMs, deadlineMs, position } = message;
    const again = (atLeastMs = 0): ParkedOutcome => {
      const parkMs = deadlineMs - parkedAtMs;
      const leftMs = deadlineMs - clock.now();
      const inMs = readmissionDelayMs({ receives, position, parkMs, leftMs, random: random() });
      return { kind: 'again', inMs: Math.max(inMs, atLeastMs) };
    };
    const record = await table.find(parkedId);
    const known = await settled(message, record, again);
    if (known !== undefined || record === undefined) return known ?? OVER;

    const claimId = nextId();
    const claim = () => {
      const nowMs = clock.now();
      const leaseUntilMs = nowMs + context.getRemainingTimeInMillis() + LEASE_MARGIN_MS;
      return table.claim({ parkedId, claimId, nowMs, leaseUntilMs });
    };
    const holdsPlace = record.status === 'queued';
    const readmission: Readmission = { parkedId, parkedAtMs, deadlineMs, holdsPlace, claimed: 'none', claim };
    const event = restoreEvent(message);
    openReadmission(event, readmission);
    const answer = await serve(event, context);
    // It stays begun, so it is delivered again when its lease is over, and then finds the other one's answer.
    if (readmission.isElsewhere) return again();

    if (readmission.claimed === 'none') {
      // Not admitted: too much load still, or nobody to decide.
      if (answer.statusCode >= 500 || answer.statusCode === 429) return again();
      // Refused for good before admission: the route is gone, or its caller may not use it any more.
      if (!(await claim())) return again();
      if (holdsPlace) releasePlace(caller);
    } else if (readmission.claimed === 'refused') {
      // Its place was taken out of the books when it was admitted.
      return (await table.expire(parkedId, clock.now())) ? OVER : again();
    }
    if (!(await table.finish({ parkedId, claimId }, storedAnswer(answer)))) {
      logger.error('a parked request was answered after its lease had ended', { parkedId, route: record.route });
    }
    return OVER;
  };
}

/** An item of DynamoDB takes 400 KB; the rest of the record and the headers, of which API Gateway takes 10,240 B, fit as well. */
const BODY_MAX_BYTES = 350_000;
/** What is said of the exchange and not of the answer. */
const FLEETING_HEADER = /^(?:access-control-.*|ratelimit.*|x-cache)$/i;

function storedAnswer({ statusCode, headers, body }: APIGatewayProxyResult): StoredAnswer {
  const kept = Object.entries(headers ?? {}).filter(([name]) => !FLEETING_HEADER.test(name));
  return {
    statusCode,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    ...(Buffer.byteLength(body) <= BODY_MAX_BYTES && { body }),
  };
}
