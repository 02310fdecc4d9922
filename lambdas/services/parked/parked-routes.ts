import type { ParkedRecord, StoredAnswer } from '../../adapters/parking/parked-table.ts';
import type { ParkedAnswer, ParkedStatus } from '../../contract/parked.ts';
import { PROBLEM_CONTENT_TYPE, type Problem, problemType } from '../../contract/problem.ts';
import { ServiceError } from '../../errors/service-error.ts';
import { requireCaller } from '../../middleware/require-caller.ts';
import type { RouteHandler, RouteReply } from '../../middleware/route-request.ts';
import { type ReadParkedDependencies, readParked } from './read-parked.ts';

/** Bounds of what a waiting caller is told to wait until it asks again. */
const RETRY_MIN_SECONDS = 1;
const RETRY_MAX_SECONDS = 10;

/** What the service of parked requests answers on its route. */
export function parkedRoutes(dependencies: ReadParkedDependencies): Readonly<Record<string, RouteHandler>> {
  return {
    'GET /api/parked/{parkedId}': async (request) => {
      const { sub } = requireCaller(request);
      const { parkedId = '' } = request.path;
      const record = await readParked(dependencies, { parkedId, sub });
      if (record === undefined) {
        throw new ServiceError('no-such-parked-request', 'you have no parked request of this id', { statusCode: 404 });
      }
      return describe(record, dependencies.clock.now(), request.requestId);
    },
  };
}

function describe(record: ParkedRecord, nowMs: number, requestId: string): RouteReply {
  const { parkedId, status, deadlineMs, estimatedAtMs, answer } = record;
  const deadline = new Date(deadlineMs).toISOString();
  switch (status) {
    case 'expired':
      return problem(504, requestId, 'parked-too-long', `the request was not begun by ${deadline}, and had no effect`);
    case 'abandoned':
      return problem(
        500,
        requestId,
        'parked-unfinished',
        'the request was begun, and whether it had its effect is unknown',
      );
    case 'done':
      return {
        statusCode: 200,
        body: { parkedId, status, deadline, answer: answer && toAnswer(answer) } satisfies ParkedStatus,
      };
    default: {
      const seconds = Math.ceil((estimatedAtMs - nowMs) / 1_000);
      const retryAfter = Math.min(RETRY_MAX_SECONDS, Math.max(RETRY_MIN_SECONDS, seconds));
      const body: ParkedStatus = { parkedId, status, deadline };
      return { statusCode: 200, headers: { 'Retry-After': String(retryAfter) }, body };
    }
  }
}

/** An answer and not a throw: that somebody waited too long says nothing of the load of this service. */
function problem(status: 500 | 504, requestId: string, code: string, detail: string): RouteReply {
  const title = status === 504 ? 'Gateway Timeout' : 'Internal Server Error';
  const body: Problem = { type: problemType(code), title, status, detail, instance: requestId };
  return { statusCode: status, headers: { 'Content-Type': PROBLEM_CONTENT_TYPE }, body };
}

function toAnswer({ statusCode, headers, body }: StoredAnswer): ParkedAnswer {
  if (body === undefined) return { statusCode, headers, isBodyOmitted: true };
  if (body === '') return { statusCode, headers };
  return { statusCode, headers, body: isJson(headers) ? parsed(body) : body };
}

function isJson(headers: StoredAnswer['headers']): boolean {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return type !== undefined && /^application\/(?:[\w.-]+\+)?json\b/i.test(type);
}

/** What claims to be JSON and is none is told as it is. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
