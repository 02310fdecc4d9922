import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { InferInput } from 'valibot';
import type { DependencySpec } from '../../lambdas/contract/admission-spec.ts';
import type { DependencyUse } from '../../lambdas/contract/route-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration, validateNumber, validateWholeNumber } from '../validate.ts';

/** Something outside that a service calls: the bounds of a call, and when its circuit breaker opens. */
export interface DependencyProps {
  /** Share of failed calls at which the breaker opens, 0.01 to 1. @default 0.5 */
  readonly failureRatio?: number;
  /** Share of slow calls at which the breaker opens, 0.01 to 1. @default 1 */
  readonly slowRatio?: number;
  /** Beyond it a call counts as slow: 1 millisecond to 15 minutes. @default Duration.seconds(60) */
  readonly slowAfter?: Duration;
  /** Calls that the shares are taken of, the latest ones: 1 to 1,000. @default 100 */
  readonly windowCalls?: number;
  /** Calls before which nothing is judged, 1 to 1,000; at most `windowCalls` are waited for. @default 100 */
  readonly minimumCalls?: number;
  /** How long the breaker stays open before it lets probes through: 100 milliseconds to 1 hour. @default Duration.seconds(60) */
  readonly openFor?: Duration;
  /** Probes by which an open breaker is judged: 1 to 100. @default 10 */
  readonly halfOpenCalls?: number;
  /** Longest attempt: 1 millisecond to 15 minutes. @default Duration.seconds(2) */
  readonly timeout?: Duration;
  /** Attempts of one call, the first included: 1 to 3. @default 3 */
  readonly attempts?: number;
}

/** A route's use of something that its service has declared in `dependencies`. */
export class Dependency {
  /** The route cannot do without: while the breaker is open it is refused with 503 before anything is done. */
  static required(name: string): Dependency {
    return new Dependency({ name, required: true });
  }

  /** The route has something else to answer with: it is served, and its handler falls back. */
  static optional(name: string): Dependency {
    return new Dependency({ name, required: false });
  }

  /** As it travels to the handler. */
  readonly spec: DependencyUse;

  private constructor(spec: DependencyUse) {
    this.spec = spec;
  }

  get name(): string {
    return this.spec.name;
  }
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const CALL_MIN = Duration.millis(1);
/** The longest run of a Lambda function. */
const CALL_MAX = Duration.minutes(15);

type DependencySpecInput = InferInput<typeof DependencySpec>;

/**
 * The dependencies of a service as they travel to its handler, without what is as by default.
 * @param subject how messages begin, such as `service 'Shop'`
 * @throws SpillwayError for a name or a number that means nothing
 */
export function dependencySpecs(
  subject: string,
  dependencies: Readonly<Record<string, DependencyProps>>,
  scope: IConstruct,
): Record<string, DependencySpecInput> {
  const entries = Object.entries(dependencies).map(([name, props]) => {
    if (!NAME.test(name)) {
      throw new SpillwayError(
        'invalid-dependency',
        `${subject}: dependencies must be named by lower-case letters, digits and hyphens, 32 at most, got '${name}'`,
        scope,
      );
    }
    const dependency = `${subject}: dependencies.${name}`;
    validate(dependency, props, scope);
    return [name, toSpec(props)] as const;
  });
  return Object.fromEntries(entries);
}

function validate(subject: string, props: DependencyProps, scope: IConstruct): void {
  const rule = { code: 'invalid-dependency', known: true, scope };
  const call = { ...rule, min: CALL_MIN, max: CALL_MAX, whole: 'milliseconds' } as const;
  validateNumber(`${subject}.failureRatio`, props.failureRatio, { ...rule, min: 0.01, max: 1 });
  validateNumber(`${subject}.slowRatio`, props.slowRatio, { ...rule, min: 0.01, max: 1 });
  validateDuration(`${subject}.slowAfter`, props.slowAfter, call);
  validateWholeNumber(`${subject}.windowCalls`, props.windowCalls, { ...rule, min: 1, max: 1_000 });
  validateWholeNumber(`${subject}.minimumCalls`, props.minimumCalls, { ...rule, min: 1, max: 1_000 });
  validateDuration(`${subject}.openFor`, props.openFor, { ...call, min: Duration.millis(100), max: Duration.hours(1) });
  validateWholeNumber(`${subject}.halfOpenCalls`, props.halfOpenCalls, { ...rule, min: 1, max: 100 });
  validateDuration(`${subject}.timeout`, props.timeout, call);
  validateWholeNumber(`${subject}.attempts`, props.attempts, {
    ...rule,
    min: 1,
    max: 3,
    hint: 'each retry adds to the load of what is failing',
  });
}

function toSpec(props: DependencyProps): DependencySpecInput {
  const { failureRatio, slowRatio, slowAfter, windowCalls, minimumCalls, openFor, halfOpenCalls, timeout, attempts } =
    props;
  return {
    ...(failureRatio !== undefined && { failureRatio }),
    ...(slowRatio !== undefined && { slowRatio }),
    ...(slowAfter && { slowAfterMs: slowAfter.toMilliseconds() }),
    ...(windowCalls !== undefined && { window: windowCalls }),
    ...(minimumCalls !== undefined && { minimumCalls }),
    ...(openFor && { openMs: openFor.toMilliseconds() }),
    ...(halfOpenCalls !== undefined && { halfOpenCalls }),
    ...(timeout && { timeoutMs: timeout.toMilliseconds() }),
    ...(attempts !== undefined && { attempts }),
  };
}
