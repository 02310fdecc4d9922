import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { InferInput } from 'valibot';
import type { AdmissionSpec, DependencySpec } from '../../lambdas/contract/admission-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';
import { validateKind } from '../validate-kind.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import type { StoreAccess } from './admission-options.ts';
import { type DependencyProps, dependencySpecs } from './dependency.ts';
import type { Route } from './route.ts';
import type { UsageTier } from './usage-tier.ts';

/** How a service admits requests, besides what its routes say. */
export interface ServiceAdmissionOptions {
  /**
   * How much the service works on at a time; beyond it, requests are shed or parked, the least important first.
   * @default AdaptiveLimit.gradient(), from 20 to 200 requests at a time
   */
  readonly adaptiveLimit?: AdaptiveLimit;
  /** What the service calls, by names of lower-case letters, digits and hyphens. @default - nothing with a circuit breaker */
  readonly dependencies?: Readonly<Record<string, DependencyProps>>;
  /**
   * Most requests parked at a time, 1 to 100,000; further ones are shed. SQS has at most 120,000 messages of a queue in
   * flight.
   * @default - 10,000, where a route parks
   */
  readonly parkedMax?: number;
}

const PARKED_MAX_DEFAULT = 10_000;
/** Lambda's own bounds. */
const TIMEOUT = { min: Duration.seconds(1), max: Duration.minutes(15), whole: 'seconds' } as const;

/** `AdmissionSpec` as it is written: without what is as by default. */
export type AdmissionSpecInput = Omit<AdmissionSpec, 'parkedMax' | 'dependencies'> & {
  readonly parkedMax?: number;
  readonly dependencies?: Readonly<Record<string, InferInput<typeof DependencySpec>>>;
};

/** What a service's admission is made of. */
export interface ServiceAdmission {
  readonly service: string;
  readonly options: ServiceAdmissionOptions;
  readonly routes: readonly Route[];
  readonly tiers: readonly UsageTier[];
  readonly store: StoreAccess;
  readonly reservedConcurrency: number | undefined;
  /** The function's. */
  readonly timeout: Duration;
  /** Construct that messages name. */
  readonly scope: IConstruct;
}

/**
 * What goes into `Env.ADMISSION`.
 * @throws SpillwayError for a number that means nothing, and for routes that name what is not there
 */
export function admissionSpec(admission: ServiceAdmission): AdmissionSpecInput {
  const { service, options, routes, store, reservedConcurrency, timeout, scope } = admission;
  const subject = `service '${service}'`;
  validateDuration(`${subject}: timeout`, timeout, { ...TIMEOUT, known: true, scope });
  const dependencies = dependencySpecs(subject, options.dependencies ?? {}, scope);
  const limit = options.adaptiveLimit ?? AdaptiveLimit.gradient();
  validateKind(`${subject}: adaptiveLimit`, limit, {
    is: (value) => value instanceof AdaptiveLimit,
    expected: 'an AdaptiveLimit',
    hint: 'use AdaptiveLimit.gradient(), .aimd() or .off()',
    code: 'invalid-adaptive-limit',
    scope,
  });
  const adaptiveLimit = limit.spec({ subject, reservedConcurrency, shards: store.shards, scope });
  for (const route of routes) {
    refuseUnknownDependency(route, subject, Object.keys(dependencies), scope);
    refuseUnknownTier(route, admission);
  }
  const parkedMax = validParkedMax(subject, admission, adaptiveLimit !== undefined);
  return {
    service,
    ...store,
    ...(adaptiveLimit && { adaptiveLimit }),
    // For so long a request in flight is waited for.
    leaseMs: timeout.toMilliseconds(),
    ...(parkedMax !== undefined && { parkedMax }),
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
  };
}

function validParkedMax(
  subject: string,
  { options, routes, scope }: ServiceAdmission,
  isMeasured: boolean,
): number | undefined {
  const { parkedMax } = options;
  const parking = routes.find(({ whenOverloaded }) => whenOverloaded.parkFor !== undefined);
  validateWholeNumber(`${subject}: parkedMax`, parkedMax, {
    min: 1,
    max: 100_000,
    hint: 'use Shed on the routes to park nothing',
    known: true,
    scope,
  });
  if (parking && !isMeasured) {
    throw new SpillwayError(
      'nothing-to-park',
      `${parking}: whenOverloaded parks, but the service has AdaptiveLimit.off() and is never overloaded; remove one`,
      scope,
    );
  }
  if (!parking && parkedMax !== undefined) {
    throw new SpillwayError(
      'nothing-to-park',
      `${subject}: parkedMax is ${parkedMax}, but no route parks; remove it, or give one whenOverloaded: Park.for(…)`,
      scope,
    );
  }
  return parking ? (parkedMax ?? PARKED_MAX_DEFAULT) : undefined;
}

function refuseUnknownDependency(route: Route, subject: string, known: readonly string[], scope: IConstruct): void {
  const unknown = route.dependencies.find(({ name }) => !known.includes(name));
  if (!unknown) return;
  const names = known.length > 0 ? known.map((name) => `'${name}'`).join(', ') : 'none';
  throw new SpillwayError(
    'unknown-dependency',
    `${route}: dependencies must be some of those of ${subject} (${names}), got '${unknown.name}'; declare it there`,
    scope,
  );
}

function refuseUnknownTier(route: Route, { tiers, scope }: ServiceAdmission): void {
  const known = tiers.map(({ name }) => name);
  const unknown = Object.keys(route.priorityByTier).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SpillwayError(
    'unknown-tier',
    `${route}: priorityByTier must name tiers of the API (${known.map((name) => `'${name}'`).join(', ')}), got '${unknown}'`,
    scope,
  );
}
