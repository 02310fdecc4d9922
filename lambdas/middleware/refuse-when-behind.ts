import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Admission } from '../adapters/admission/admission.ts';
import type { AdmissionMetrics } from '../adapters/admission/admission-metrics.ts';
import type { Clock } from '../adapters/clock.ts';
import type { Backlog } from '../contract/controls.ts';
import type { RoutedWork } from '../contract/route-spec.ts';
import { backlogOverload, backlogRetrySeconds, isAdmittedBehind, isStaleBacklog } from '../resilience/backlog.ts';
import { callerOf, loadCheck } from './caller-position.ts';
import { type Exchange, exchangeOf, type Reply, type ServiceMiddleware } from './exchange.ts';
import { problemReply } from './problem-reply.ts';

/** What the refusal works with. */
export interface RefuseWhenBehindOptions {
  readonly admission: Pick<Admission, 'controls'>;
  readonly metrics: Pick<AdmissionMetrics, 'countBehind'>;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Refuses what would make a queue longer that is behind already, by the age of its oldest message as the controller said
 * last: all of it, or the least important first, as the route has it. Where nobody has measured lately everything is
 * admitted. What was parked was promised already, and is let through.
 *
 * Must come after `admission`, which takes the request out of the books again.
 */
export function refuseWhenBehind({ admission, metrics, clock, random }: RefuseWhenBehindOptions): ServiceMiddleware {
  return {
    before: ({ event }) => {
      const exchange = exchangeOf(event);
      const { work } = exchange.route.spec;
      if (work === undefined || exchange.reply !== undefined || exchange.parked !== undefined) return;
      const backlogs = admission.controls()?.backlogs ?? {};
      const backlog = Object.hasOwn(backlogs, work.queue) ? backlogs[work.queue] : undefined;
      if (backlog === undefined) return;
      if (isStaleBacklog(backlog.measuredAtMs, clock.now())) {
        metrics.countBehind(work.queue, 'unknown');
        return;
      }
      const overload = backlogOverload(backlog.ageSeconds, work.maxAgeSeconds);
      if (overload === 0) return;
      const isAdmitted =
        work.whenBehind === 'by-priority' && isAdmittedBehind(overload, positionOf(event, exchange, clock.now()));
      metrics.countBehind(work.queue, isAdmitted ? 'admitted' : 'refused');
      if (isAdmitted) return;
      exchange.behind = work.queue;
      exchange.reply = behind(exchange, work, backlog, random());
    },
  };
}

/** The same place as under load: two requests of a person within an hour stand alike. */
function positionOf(event: APIGatewayProxyEvent, { route, caller }: Exchange, nowMs: number): number {
  const { priority, priorityByTier } = route.spec;
  const tier = caller?.tier ?? '';
  const person = caller?.sub ?? callerOf(event, caller);
  const own = Object.hasOwn(priorityByTier, tier) ? priorityByTier[tier] : undefined;
  return loadCheck({ person, priority: own ?? priority, nowMs, parkable: false, readmitted: false }).position;
}

function behind({ requestId }: Exchange, work: RoutedWork, backlog: Backlog, chance: number): Reply {
  const { queue, maxAgeSeconds } = work;
  const retryAfter = backlogRetrySeconds(backlog, maxAgeSeconds, chance);
  return problemReply({
    code: 'behind',
    statusCode: 503,
    detail:
      `the queue '${queue}' is behind: its oldest work waits for ${Math.round(backlog.ageSeconds)} s, with a budget of ` +
      `${maxAgeSeconds} s; retry in ${retryAfter} s`,
    requestId,
    headers: { 'Retry-After': String(retryAfter) },
    extensions: { queue },
  });
}
