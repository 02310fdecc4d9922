import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Env } from '../../lambdas/contract/environment.ts';
import {
  IDEMPOTENCY_KEEP_SECONDS,
  IDEMPOTENCY_KEY_HEADER,
  IDEMPOTENCY_KEY_PATTERN,
} from '../../lambdas/contract/idempotency.ts';
import type { RouteSpecInput } from '../../lambdas/contract/route-spec.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration } from '../validate.ts';
import { validateKind } from '../validate-kind.ts';
import type { Route } from './route.ts';

export interface IdempotencyProps {
  /**
   * For how long an answer is given again to whoever sends the request again, in whole seconds, 1 minute to 7 days. Also for so
   * long a key may not be used for another request.
   * @default Duration.hours(24)
   */
  readonly keepFor?: Duration;
}

const KEEP_FOR_MIN = Duration.minutes(1);
const KEEP_FOR_MAX = Duration.days(7);

/** Whether a request that is sent again with its `Idempotency-Key` has its effect and its answer once. */
export class Idempotency {
  /** A request without a key is refused. @throws SpillwayError */
  static required(props: IdempotencyProps = {}): Idempotency {
    return new Idempotency(true, props);
  }
  /** A request without a key is served as another one each time. @throws SpillwayError */
  static optional(props: IdempotencyProps = {}): Idempotency {
    return new Idempotency(false, props);
  }

  readonly isRequired: boolean;
  readonly keepFor: Duration;

  private constructor(isRequired: boolean, { keepFor }: IdempotencyProps) {
    validateDuration('idempotency: keepFor', keepFor, {
      min: KEEP_FOR_MIN,
      max: KEEP_FOR_MAX,
      whole: 'seconds',
      known: true,
    });
    this.isRequired = isRequired;
    this.keepFor = keepFor ?? Duration.seconds(IDEMPOTENCY_KEEP_SECONDS);
  }

  /** As it travels to the handler, without what is as by default. */
  get spec(): NonNullable<RouteSpecInput['idempotency']> {
    const keepForSeconds = this.keepFor.toSeconds();
    return { required: this.isRequired, ...(keepForSeconds !== IDEMPOTENCY_KEEP_SECONDS && { keepForSeconds }) };
  }
}

/** @throws SpillwayError where a key would mean nothing, or be nobody's own */
export function validateIdempotency(route: Route): void {
  const { idempotency } = route;
  if (idempotency === undefined) return;
  validateKind(`${route}: idempotency`, idempotency, {
    is: (value) => value instanceof Idempotency,
    expected: 'an Idempotency',
    hint: 'use Idempotency.required() or .optional()',
    code: 'invalid-idempotency',
  });
  if (route.method !== 'POST' && route.method !== 'PATCH') {
    throw new SpillwayError(
      'invalid-idempotency',
      `${route}: idempotency is for POST and PATCH, got it on ${route.method}, which HTTP has sent twice without harm; leave it out`,
    );
  }
  if (route.isPublic) {
    throw new SpillwayError(
      'invalid-idempotency',
      `${route}: idempotency is for routes with a scope, as strangers would share their keys and read each other's answers; leave it out`,
    );
  }
}

/** Where the service keeps its answers: `Tables.idempotency`. Services may share it. */
export function useIdempotency(service: ServiceFunction, table: ITable): void {
  service.useTable(table, {
    environment: Env.IDEMPOTENCY_TABLE,
    actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  });
}

/** The function would not start. */
export function idempotencyFaults(name: string, routes: readonly Route[], service: ServiceFunction): string[] {
  const keyed = routes.find(({ idempotency }) => idempotency !== undefined);
  if (keyed === undefined || service.hasEnvironment(Env.IDEMPOTENCY_TABLE)) return [];
  return [
    `service '${name}': ${keyed} takes an idempotency key, but there is no table for its answers; call useIdempotency(service, table)`,
  ];
}

/** The header in an OpenAPI document. */
export function idempotencyParameters({ idempotency }: Route): object[] {
  if (idempotency === undefined) return [];
  return [
    {
      name: IDEMPOTENCY_KEY_HEADER,
      in: 'header',
      ...(idempotency.isRequired && { required: true }),
      description:
        'Names the request, such as by a UUID: sent again with the same key it has one effect, and the same answer for ' +
        `${idempotency.keepFor.toHumanString()}.`,
      schema: { type: 'string', pattern: IDEMPOTENCY_KEY_PATTERN.source },
    },
  ];
}
