import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Clock } from '../adapters/clock.ts';
import type { IdGenerator } from '../adapters/id-generator.ts';
import type { ServiceLogger } from '../adapters/logger.ts';
import type { ParkedTable } from '../adapters/parking/parked-table.ts';
import type { ParkingQueue } from '../adapters/parking/parking-queue.ts';
import { PARKED_MESSAGE_MAX_BYTES, PARKED_PATH, type ParkedAccepted } from '../contract/parked.ts';
import { priorityPosition } from '../resilience/load/priority-position.ts';
import { estimateWaitMs } from '../resilience/parking/estimate-wait.ts';
import { readmissionDelayMs } from '../resilience/parking/readmission-delay.ts';
import { apiBasePath } from './api-base-path.ts';
import { callerOf } from './caller-position.ts';
import type { Exchange, Reply } from './exchange.ts';
import { parkedMessage } from './parked-message.ts';
import type { Caller } from './route-request.ts';

/** What parking works with. */
export interface ParkRequestOptions {
  readonly table: Pick<ParkedTable, 'create' | 'withdraw'>;
  readonly queue: Pick<ParkingQueue, 'send'>;
  /** Messages in the queue, at most some seconds old. */
  readonly waiting: () => Promise<number>;
  /** Most of them. */
  readonly parkedMax: number;
  readonly nextId: IdGenerator;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ServiceLogger;
  /** Tells the store that it counts one too many among the parked in this caller's shard; not waited for. */
  readonly releasePlace: (caller: string) => void;
}

/** Puts a request aside and answers 202, or undefined where that cannot be: it is to be shed then. */
export type ParkRequest = (event: APIGatewayProxyEvent, exchange: Exchange) => Promise<Reply | undefined>;

/** Headers, the caller and what else a message holds besides the body come to less: API Gateway takes 10,240 B of headers. */
const MESSAGE_REST_MAX_BYTES = 64 * 1_024;
/** JSON within JSON: quotes, backslashes and line ends are escaped, so that a body may take twice its length. */
const ESCAPED_GROWTH = 2;

/** Whether a request can be parked at all: its caller must be known, to be told the answer, and it must fit in a message. */
export function isParkable({ body }: APIGatewayProxyEvent, { route, caller }: Pick<Exchange, 'route' | 'caller'>) {
  if (route.spec.parkForSeconds === undefined || caller === undefined) return false;
  if (body === null) return true;
  return Buffer.byteLength(body) * ESCAPED_GROWTH + MESSAGE_REST_MAX_BYTES <= PARKED_MESSAGE_MAX_BYTES;
}

/**
 * Parks a request for which admission has taken a place among the parked. First the record, then the message: a message
 * without a record is not served, so a request whose sending failed and whose record is gone was shed, whether or not the
 * message arrived. Where even that cannot be known the caller is told 202, since the record then says what came of it.
 *
 * The store may forget how many are parked. The length of the queue, which does not, bounds them as well.
 */
export function parkRequest(options: ParkRequestOptions): ParkRequest {
  const { table, queue, parkedMax, nextId, clock, random, logger, releasePlace } = options;

  async function waitingNow(counted: number): Promise<number> {
    try {
      return Math.max(counted, await options.waiting());
    } catch (error) {
      logger.warn('the parking queue could not be counted', { error });
      return counted;
    }
  }

  /** Whether nobody will ever serve it. */
  async function isWithdrawn(parkedId: string): Promise<boolean> {
    try {
      return await table.withdraw(parkedId);
    } catch (error) {
      logger.error('a request could be neither parked nor withdrawn; it is served or expires', { parkedId, error });
      return false;
    }
  }

  return async (event, exchange) => {
    const { route, caller, decision } = exchange;
    const name = callerOf(event, caller);
    const shed = (reason: string, error?: unknown): undefined => {
      releasePlace(name);
      logger.warn('a request could not be parked', { requestId: exchange.requestId, reason, error });
    };
    if (caller === undefined || !isParkable(event, exchange)) return shed('it has no caller, or is too large');
    const waiting = await waitingNow(decision?.load?.parked ?? 0);
    if (waiting >= parkedMax) return shed(`there are ${waiting} of ${parkedMax} parked already`);

    const { latencyTargetMs, parkForSeconds = 0 } = route.spec;
    const parkMs = parkForSeconds * 1_000;
    const parkedAtMs = clock.now();
    const deadlineMs = parkedAtMs + parkMs;
    const position = positionOf(exchange, caller);
    const estimateMs = estimateWaitMs({
      overload: decision?.load?.overload ?? 1,
      limit: decision?.load?.limit ?? 1,
      ahead: waiting,
      latencyMs: latencyTargetMs,
      maxMs: parkMs,
    });
    const parkedId = nextId();
    const message = parkedMessage(event, {
      parkedId,
      caller: name,
      parkedAtMs,
      deadlineMs,
      position,
      latencyTargetMs,
    });
    if (Buffer.byteLength(message) > PARKED_MESSAGE_MAX_BYTES) return shed('it is too large');
    const record = { parkedId, sub: caller.sub, tenant: caller.tenant, route: route.name, parkedAtMs, deadlineMs };
    try {
      await table.create({ ...record, estimatedAtMs: parkedAtMs + estimateMs });
    } catch (error) {
      return shed('its record could not be written', error);
    }
    const delayMs = readmissionDelayMs({ receives: 1, position, parkMs, leftMs: parkMs, random: random() });
    try {
      await queue.send(message, Math.ceil(delayMs / 1_000));
    } catch (error) {
      if (await isWithdrawn(parkedId)) return shed('its message could not be sent', error);
    }
    return accepted(`${apiBasePath(event)}${PARKED_PATH.replace('{parkedId}', parkedId)}`, {
      parkedId,
      estimatedSeconds: Math.ceil(estimateMs / 1_000),
      deadlineMs,
    });
  };
}

/** The middle of its priority's band. Within the band admission decides. */
function positionOf({ route }: Exchange, { tier }: Caller): number {
  const { priority, priorityByTier } = route.spec;
  const own = Object.hasOwn(priorityByTier, tier) ? priorityByTier[tier] : undefined;
  return priorityPosition(own ?? priority, 0.5);
}

function accepted(
  statusUrl: string,
  parked: { readonly parkedId: string; readonly estimatedSeconds: number; readonly deadlineMs: number },
): Reply {
  const { parkedId, estimatedSeconds, deadlineMs } = parked;
  const body: ParkedAccepted = {
    parkedId,
    status: 'queued',
    statusUrl,
    estimatedSeconds,
    deadline: new Date(deadlineMs).toISOString(),
  };
  return {
    statusCode: 202,
    headers: { 'Content-Type': 'application/json', Location: statusUrl, 'Retry-After': String(estimatedSeconds) },
    body: JSON.stringify(body),
  };
}
