import { Duration } from 'aws-cdk-lib';
import { DEFAULT_PRIORITY } from '../../lambdas/contract/priority.ts';
import type { RoutedWork, RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration } from '../validate.ts';
import { validateKind } from '../validate-kind.ts';
import type { Dependency } from './dependency.ts';
import { type Priority, validatePriority } from './priority.ts';
import type { Route } from './route.ts';
import { WhenBehind } from './when-behind.ts';
import { Park, Shed, type WhenOverloaded } from './when-overloaded.ts';

/** What a route says of itself for the time when not all can be served. */
export interface RouteAdmissionProps {
  /** What its requests are worth then. @default Priority.CRITICAL */
  readonly priority?: Priority;
  /** Tier → priority, for tiers whose requests are worth something else; on routes with a scope. @default - as `priority` says */
  readonly priorityByTier?: Readonly<Record<string, Priority>>;
  /**
   * Latency of the handler that is still right, whole milliseconds up to 29 seconds; beyond it the service counts as
   * loaded.
   * @default Duration.seconds(1)
   */
  readonly latencyTarget?: Duration;
  /** What becomes of a request that cannot be served now; `Park` is for routes with a scope that change something. @default Shed */
  readonly whenOverloaded?: WhenOverloaded;
  /**
   * What becomes of a request while the queue that it makes work for is behind; for POST, PUT and PATCH.
   * @default - it makes the queue longer still
   */
  readonly whenBehind?: WhenBehind;
  /** What its handler calls, of that which the service has declared in `dependencies`. @default - nothing with a breaker */
  readonly dependencies?: readonly Dependency[];
}

const LATENCY_TARGET_DEFAULT_MS = 1_000;
/** API Gateway waits no longer. */
const LATENCY_TARGET_MAX = Duration.seconds(29);

/** @throws SpillwayError for what means nothing, alone or on such a route */
export function validateRouteAdmission(route: Route): void {
  validatePriority(`${route}: priority`, route.priority);
  for (const [tier, priority] of Object.entries(route.priorityByTier)) {
    validatePriority(`${route}: priorityByTier.${tier}`, priority);
  }
  if (route.isPublic && Object.keys(route.priorityByTier).length > 0) {
    throw new SpillwayError(
      'invalid-priority',
      `${route}: priorityByTier is for routes with a scope, as a public route knows no tier; use priority`,
    );
  }
  validateDuration(`${route}: latencyTarget`, route.latencyTarget, {
    min: Duration.millis(1),
    max: LATENCY_TARGET_MAX,
    whole: 'milliseconds',
    known: true,
  });
  validateParking(route);
  validateBehind(route);
  const names = route.dependencies.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new SpillwayError(
    'invalid-dependency',
    `${route}: dependencies must differ, got '${twice}' twice; keep either Dependency.required or Dependency.optional`,
  );
}

/** Who reads the answer later must be who asked, and a question whose answer nobody waits for is not worth a queue. */
function validateParking(route: Route): void {
  validateKind(`${route}: whenOverloaded`, route.whenOverloaded, {
    is: (value) => value === Shed || value instanceof Park,
    expected: 'Shed or a Park',
    hint: 'use Shed, or Park.for(Duration.minutes(5)), say',
    code: 'invalid-parking',
  });
  if (route.whenOverloaded.parkFor === undefined) return;
  if (route.isPublic) {
    throw new SpillwayError(
      'unparkable-route',
      `${route}: whenOverloaded: Park is for routes with a scope, as the answer is kept for its caller; use Shed`,
    );
  }
  if (route.method === 'GET') {
    throw new SpillwayError(
      'unparkable-route',
      `${route}: whenOverloaded: Park is for POST, PUT, PATCH and DELETE, got it on GET; use Shed`,
    );
  }
}

/** What takes back work, or only looks, makes no queue longer. */
function validateBehind(route: Route): void {
  const { whenBehind, method } = route;
  if (whenBehind === undefined) return;
  validateKind(`${route}: whenBehind`, whenBehind, {
    is: (value) => value instanceof WhenBehind,
    expected: 'a WhenBehind',
    hint: 'use WhenBehind.refuse(queue), say',
    code: 'invalid-backpressure',
  });
  if (method !== 'GET' && method !== 'DELETE') return;
  throw new SpillwayError(
    'invalid-backpressure',
    `${route}: whenBehind is for POST, PUT and PATCH, got it on ${method}; leave it out`,
  );
}

function workSpec({ target, answer }: WhenBehind): RoutedWork {
  return { queue: target.name, maxAgeSeconds: target.maxAge.toSeconds(), whenBehind: answer };
}

/** The route's part of `RouteSpec`, without what is as by default. */
export function routeAdmissionSpec(route: Route): Partial<RouteSpecInput> {
  const { priority, priorityByTier, latencyTarget, whenOverloaded, whenBehind, dependencies } = route;
  const latencyTargetMs = latencyTarget?.toMilliseconds() ?? LATENCY_TARGET_DEFAULT_MS;
  return {
    ...(priority !== undefined && priority !== DEFAULT_PRIORITY && { priority }),
    ...(Object.keys(priorityByTier).length > 0 && { priorityByTier: { ...priorityByTier } }),
    ...(latencyTargetMs !== LATENCY_TARGET_DEFAULT_MS && { latencyTargetMs }),
    ...(whenOverloaded.parkFor && { parkForSeconds: whenOverloaded.parkFor.toSeconds() }),
    ...(whenBehind && { work: workSpec(whenBehind) }),
    ...(dependencies.length > 0 && { dependencies: dependencies.map(({ spec }) => spec) }),
  };
}
