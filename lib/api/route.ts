import { Duration } from 'aws-cdk-lib';
import type { GenericSchema } from 'valibot';
import type { Priority } from '../../lambdas/contract/priority.ts';
import { QueuedAccepted } from '../../lambdas/contract/queued.ts';
import type { HttpMethod, RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import { quote } from '../quote.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration } from '../validate.ts';
import type { Dependency } from './dependency.ts';
import { type Idempotency, validateIdempotency } from './idempotency.ts';
import { type PlacedLimit, placeLimit } from './limit-policy.ts';
import { type QueuedWork, type QueueMethod, type QueueRouteProps, queuedWork } from './queued-work.ts';
import type { RateLimit } from './rate-limit.ts';
import { type RouteAdmissionProps, routeAdmissionSpec, validateRouteAdmission } from './route-admission.ts';
import { validateLimitList, validateRouteLimits } from './route-limits.ts';
import { methodArnPattern, type PathSegment, parsePath } from './route-path.ts';
import { type Throttle, validateThrottle } from './throttle.ts';
import type { WhenBehind } from './when-behind.ts';
import { Shed, type WhenOverloaded } from './when-overloaded.ts';
import type { WorkTarget } from './work-target.ts';

const PUBLIC = Symbol('public');
const NO_BODY = Symbol('no body');

/** Status code → schema of the answer, or `Route.NO_BODY`. */
export type RouteResponses = Readonly<Record<number, GenericSchema | typeof NO_BODY>>;

export interface RouteProps extends RouteAdmissionProps {
  /** Scope that the token must carry, or `Route.PUBLIC` for a route without a token, which must be written out. */
  readonly scope: string | typeof PUBLIC;
  /** What the route does, in a few words, for the OpenAPI document. @default - method and path */
  readonly summary?: string;
  /** What all callers together may do, on a best-effort basis, enforced by API Gateway. @default - the stage's throttle */
  readonly throttle?: Throttle;
  /** What one caller may do, exactly, enforced in Valkey: 8 at most, all or none. @default - the tier's `perUser` alone */
  readonly limits?: readonly RateLimit[];
  /** For how long an answer may be served from the cache, 1 second to 1 day; GET only. @default - not cached */
  readonly cacheFor?: Duration;
  /**
   * What becomes of a request that comes again with its `Idempotency-Key`; POST and PATCH with a scope only.
   * @default - each request is another one
   */
  readonly idempotency?: Idempotency;
  /** Schema of the JSON body, which API Gateway checks before the service is called. @default - no body */
  readonly body?: GenericSchema;
  /** Object schema of the query parameters. @default - no parameters */
  readonly query?: GenericSchema;
  /** Schemas of the answers, by status. @default - 200 without a described body */
  readonly responses?: RouteResponses;
}

const CACHE_FOR_MIN = Duration.seconds(1);
const CACHE_FOR_MAX = Duration.days(1);

/** One method on one path, with all that is to be said about it. */
export class Route {
  /** No token is asked for. Written out at every such route, so that nobody opens one by forgetting a line. */
  static readonly PUBLIC: typeof PUBLIC = PUBLIC;
  /** An answer without a body, such as 204. */
  static readonly NO_BODY: typeof NO_BODY = NO_BODY;

  /** @throws SpillwayError for a path or a number that API Gateway or the limiter would not understand */
  static get(path: string, props: RouteProps): Route {
    return new Route('GET', path, props);
  }
  static post(path: string, props: RouteProps): Route {
    return new Route('POST', path, props);
  }
  static put(path: string, props: RouteProps): Route {
    return new Route('PUT', path, props);
  }
  static patch(path: string, props: RouteProps): Route {
    return new Route('PATCH', path, props);
  }
  static delete(path: string, props: RouteProps): Route {
    return new Route('DELETE', path, props);
  }

  /**
   * API Gateway puts the request into the queue by itself, as a `WorkItem` whose data is `{ sub, body }`, and answers 202
   * with its id. Nothing but the token, the usage plan, the throttles and the body's schema stands before the queue.
   * @throws SpillwayError for a method without a body, a public route, or what is no queue of work
   */
  static toQueue(method: QueueMethod, path: string, queue: WorkTarget, props: QueueRouteProps): Route {
    const work = queuedWork(`route '${method} ${path}'`, method, queue, props);
    const { scope, summary, throttle, body } = props;
    return new Route(
      method,
      path,
      {
        ...{ scope, body, responses: { 202: QueuedAccepted } },
        ...(summary !== undefined && { summary }),
        ...(throttle !== undefined && { throttle }),
      },
      work,
    );
  }

  readonly method: HttpMethod;
  /** API Gateway resource path, such as `/api/follows/{userId}`. */
  readonly path: string;
  readonly segments: readonly PathSegment[];
  /** `undefined` on a public route. */
  readonly scope: string | undefined;
  readonly summary: string | undefined;
  readonly throttle: Throttle | undefined;
  readonly limits: readonly RateLimit[];
  /** Its limits with the ids under which their state is kept. */
  readonly placedLimits: readonly PlacedLimit[];
  /** `undefined`: that of a route that names none. */
  readonly priority: Priority | undefined;
  readonly priorityByTier: Readonly<Record<string, Priority>>;
  readonly latencyTarget: Duration | undefined;
  readonly whenOverloaded: WhenOverloaded;
  /** `undefined`: its requests make work whatever waits already, or none. */
  readonly whenBehind: WhenBehind | undefined;
  readonly dependencies: readonly Dependency[];
  readonly cacheFor: Duration | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly body: GenericSchema | undefined;
  readonly query: GenericSchema | undefined;
  readonly responses: RouteResponses;
  /** The queue that its requests go into; `undefined` where a service has them. */
  readonly queued: QueuedWork | undefined;

  private constructor(method: HttpMethod, path: string, props: RouteProps, queued?: QueuedWork) {
    this.method = method;
    this.queued = queued;
    this.path = path;
    this.scope = readScope(String(this), props);
    this.summary = props.summary;
    this.throttle = props.throttle;
    this.limits = props.limits ?? [];
    validateLimitList(String(this), this.limits);
    this.placedLimits = this.limits.map((limit) => placeLimit(`${method} ${path}`, limit));
    this.priority = props.priority;
    this.priorityByTier = props.priorityByTier ?? {};
    this.latencyTarget = props.latencyTarget;
    this.whenOverloaded = props.whenOverloaded ?? Shed;
    this.whenBehind = props.whenBehind;
    this.dependencies = props.dependencies ?? [];
    this.cacheFor = props.cacheFor;
    this.idempotency = props.idempotency;
    this.body = props.body;
    this.query = props.query;
    this.responses = props.responses ?? { 200: NO_BODY };
    this.segments = parsePath(path, String(this));
    this.validate();
  }

  get isPublic(): boolean {
    return this.scope === undefined;
  }

  /** Names of the path parameters, in order. */
  get pathParameters(): readonly string[] {
    return this.segments.filter(({ kind }) => kind !== 'literal').map(({ text }) => text);
  }

  /** The route as it stands in a method ARN after the stage: `PUT/api/follows/*`. */
  get arnPattern(): string {
    return methodArnPattern(this.method, this.segments);
  }

  /** The route as it travels to its handler, in `Env.ROUTES`: without what is as by default. */
  get spec(): RouteSpecInput {
    return {
      method: this.method,
      path: this.path,
      ...(this.scope !== undefined && { scope: this.scope }),
      ...(this.limits.length > 0 && { limits: this.placedLimits.map(({ spec }) => spec) }),
      ...routeAdmissionSpec(this),
      ...(this.cacheFor && { cacheForSeconds: this.cacheFor.toSeconds({ integral: false }) }),
      ...(this.idempotency && { idempotency: this.idempotency.spec }),
    };
  }

  /** How errors name it: `route 'GET /api/feed'`. */
  toString(): string {
    return `route '${this.method} ${this.path}'`;
  }

  private validate(): void {
    validateThrottle(`${this}: throttle`, this.throttle, { hint: "leave it out to keep the stage's throttle" });
    validateRouteLimits(this);
    validateRouteAdmission(this);
    validateIdempotency(this);
    if (this.cacheFor !== undefined && this.method !== 'GET') {
      throw new SpillwayError('uncacheable-route', `${this}: cacheFor is for GET alone, got it on ${this.method}`);
    }
    validateDuration(`${this}: cacheFor`, this.cacheFor, {
      min: CACHE_FOR_MIN,
      max: CACHE_FOR_MAX,
      hint: 'leave it out to switch caching off',
    });
    if (this.body !== undefined && (this.method === 'GET' || this.method === 'DELETE')) {
      throw new SpillwayError('unexpected-body', `${this}: body is for POST, PUT and PATCH, got it on ${this.method}`);
    }
    const status = Object.keys(this.responses).find((key) => !/^[1-5]\d\d$/.test(key));
    if (status !== undefined) {
      throw new SpillwayError(
        'invalid-response',
        `${this}: responses must be named by an HTTP status, got '${status}'`,
      );
    }
  }
}

/** Nothing but `Route.PUBLIC` opens a route: a scope that was forgotten, or misspelt in an untyped file, must not. */
function readScope(subject: string, props: RouteProps | undefined): string | undefined {
  const scope: unknown = props?.scope;
  if (scope === PUBLIC) return undefined;
  if (typeof scope === 'string' && scope !== '') return scope;
  throw new SpillwayError(
    'unknown-scope',
    `${subject}: scope must be the name of one, got ${quote(scope)}; use Route.PUBLIC to ask for no token`,
  );
}
