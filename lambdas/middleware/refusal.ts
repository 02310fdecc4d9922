import type { AdmissionDecision } from '../adapters/admission/admission.ts';
import type { LimitVerdict } from '../resilience/limiters/limit.ts';
import { shedRetrySeconds } from '../resilience/load/shed-retry.ts';
import { type AdmissionPlan, isEnforced, type PlannedLimit } from './admission-plan.ts';
import type { Exchange, Reply } from './exchange.ts';
import { problemReply } from './problem-reply.ts';
import { rateLimitItem, retrySeconds } from './rate-limit-fields.ts';

/** While the limiter cannot count and its policy is to deny, a caller may try again after this time. */
const UNAVAILABLE_RETRY_SECONDS = 1;

interface Judged {
  readonly planned: PlannedLimit;
  readonly verdict: LimitVerdict;
}

/** A request that is not served, and why. */
export interface Refused {
  readonly exchange: Exchange;
  readonly plan: AdmissionPlan;
  readonly decision: AdmissionDecision;
  readonly random: () => number;
}

/** The limits of the answer; nothing while nobody counts. */
export function admissionHeaders(plan: AdmissionPlan, decision: AdmissionDecision): Record<string, string> | undefined {
  const judged = enforced(plan, decision);
  if (judged.length === 0) return undefined;
  return { 'RateLimit-Policy': plan.policies, RateLimit: items(judged) };
}

/** Policies on a dry run that would have refused the request; undefined where none would. */
export function wouldRefuse({ limits }: AdmissionPlan, { verdicts }: AdmissionDecision): readonly string[] | undefined {
  const policies = limits.flatMap((planned, index) =>
    isEnforced(planned) || (verdicts[index]?.allowed ?? true) ? [] : [planned.policy],
  );
  return policies.length === 0 ? undefined : policies;
}

/** Answers in place of the handler. */
export function refuse(refused: Refused): void {
  const { decision, exchange } = refused;
  if (decision.outcome === 'limited')
    exchange.reply = decision.verdicts.length === 0 ? uncounted(exchange) : limited(refused);
  else if (decision.outcome === 'dependency') exchange.reply = withoutDependency(refused);
  else exchange.reply = shed(refused);
}

/** 429 with the limits that denied; the others lost nothing, and would only blur what to wait for. */
function limited({ plan, decision, exchange }: Refused): Reply {
  const violated = enforced(plan, decision).filter(({ verdict }) => !verdict.allowed);
  const names = violated.map(({ planned }) => planned.spec.name);
  const retryAfter = Math.max(1, ...violated.map(({ verdict }) => retrySeconds(verdict.waitMs)));
  exchange.violated = names;
  exchange.limitHeaders = {
    'RateLimit-Policy': plan.policies,
    RateLimit: items(violated),
    'Retry-After': String(retryAfter),
  };
  return problemReply({
    code: 'rate-limited',
    statusCode: 429,
    detail: `${violated.map(({ planned }) => describe(planned)).join(' and ')} used up; retry in ${retryAfter} s`,
    requestId: exchange.requestId,
    // The member that the RateLimit draft gives its problem types.
    extensions: { 'violated-policies': names },
  });
}

/** 503: those of more important requests, and of other callers, are served. Jitter, so that they do not all come back at once. */
function shed({ exchange, plan, decision, random }: Refused): Reply {
  const retryAfter = shedRetrySeconds(random(), decision.load?.overload);
  return problemReply({
    code: 'overloaded',
    statusCode: 503,
    detail: `there is more to do than can be done, and requests of priority '${plan.priority}' wait; retry in ${retryAfter} s`,
    requestId: exchange.requestId,
    headers: { 'Retry-After': String(retryAfter) },
  });
}

function withoutDependency({ exchange, decision }: Refused): Reply {
  const closed = decision.breakers.filter(
    ({ state, isProbe }) => state !== 'closed' && state !== 'disabled' && !isProbe,
  );
  const retryAfter = Math.max(1, ...closed.map(({ retryMs }) => retrySeconds(retryMs)));
  return problemReply({
    code: 'dependency-unavailable',
    statusCode: 503,
    detail: `${closed.map(({ name }) => `'${name}'`).join(' and ')} cannot be reached at the moment; retry in ${retryAfter} s`,
    requestId: exchange.requestId,
    headers: { 'Retry-After': String(retryAfter) },
  });
}

function uncounted({ requestId }: Exchange): Reply {
  return problemReply({
    code: 'limiter-unavailable',
    statusCode: 503,
    detail: 'requests cannot be counted at the moment',
    requestId,
    headers: { 'Retry-After': String(UNAVAILABLE_RETRY_SECONDS) },
  });
}

function enforced({ limits }: AdmissionPlan, { verdicts }: AdmissionDecision): readonly Judged[] {
  return limits.flatMap((planned, index) => {
    const verdict = verdicts[index];
    return verdict === undefined || !isEnforced(planned) ? [] : [{ planned, verdict }];
  });
}

function describe({ spec }: PlannedLimit): string {
  const by = spec.by.join(' and ');
  if ('max' in spec) return `limit '${spec.name}' of ${spec.max} in ${spec.windowSeconds} s by ${by} is`;
  return `limit '${spec.name}' of ${spec.ratePerSecond} per second by ${by}, burst ${spec.burst}, is`;
}

function items(judged: readonly Judged[]): string {
  return judged.map(({ planned, verdict }) => rateLimitItem(planned.spec.name, verdict)).join(', ');
}
