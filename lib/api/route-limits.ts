import { SpillwayError } from '../spillway-error.ts';
import { AN_ARRAY, validateKind } from '../validate-kind.ts';
import type { LimitBy } from './limit-by.ts';
import { RateLimit } from './rate-limit.ts';
import { describeSchema } from './request-model.ts';
import type { Route } from './route.ts';

/** Each costs time in the one call to the store; the tier's own come on top. */
export const LIMITS_MAX = 8;

/** What text can be made of, to count by. */
const COUNTABLE: readonly unknown[] = ['string', 'integer', 'number'];

/**
 * Refuses what is no list of limits.
 * @param subject how the message begins, such as `route 'GET /api/feed'`
 * @throws SpillwayError
 */
export function validateLimitList(subject: string, limits: readonly RateLimit[]): void {
  validateKind(`${subject}: limits`, limits, {
    ...AN_ARRAY,
    hint: 'write [RateLimit.tokenBucket(…)], say, or leave it out',
    code: 'invalid-limit',
  });
  for (const [index, limit] of limits.entries()) {
    validateKind(`${subject}: limits[${index}]`, limit, {
      is: (value) => value instanceof RateLimit,
      expected: 'a RateLimit',
      hint: 'make it with RateLimit.tokenBucket(…) or another factory of RateLimit',
      code: 'invalid-limit',
    });
  }
}

/**
 * Refuses limits that a route could not tell apart, or whose subject its requests do not carry.
 * @throws SpillwayError
 */
export function validateRouteLimits(route: Route): void {
  const { limits } = route;
  if (limits.length > LIMITS_MAX) {
    throw new SpillwayError(
      'too-many-limits',
      `${route}: limits must be at most ${LIMITS_MAX}, got ${limits.length}; remove those that others imply`,
    );
  }
  const names = limits.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SpillwayError(
      'invalid-limit',
      `${route}: limits must have different names, got '${twice}' twice; set name on one of them`,
    );
  }
  for (const limit of limits) for (const by of limit.by) validateSubject(route, limit, by);
}

function validateSubject(route: Route, limit: RateLimit, by: LimitBy): void {
  if (route.isPublic && by.needsToken) {
    throw new SpillwayError(
      'invalid-limit',
      `${route}: limit '${limit.name}' counts by ${by}, which only a token tells, and a public route has none; use ` +
        'LimitBy.IP, or LimitBy.bodyField(…) for an account',
    );
  }
  const { bodyFieldName } = by;
  if (bodyFieldName === undefined) return;
  const reason = bodyFieldFault(route, bodyFieldName);
  if (reason === undefined) return;
  throw new SpillwayError(
    'invalid-limit',
    `${route}: limit '${limit.name}' counts by ${by}, which must be a required text or number of the body, ${reason}`,
  );
}

/** Why the member cannot be counted by; whoever may leave it out would choose what is counted. */
function bodyFieldFault(route: Route, name: string): string | undefined {
  if (route.body === undefined) return 'but the route has none; set body';
  const { properties, required } = describeSchema(`${route}: body`, route.body, 'input');
  const members = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  if (!members.includes(name)) {
    return `which has ${members.length > 0 ? members.map((member) => `'${member}'`).join(', ') : 'no members'}`;
  }
  const { type } = (properties as Readonly<Record<string, { readonly type?: unknown }>>)[name] ?? {};
  if (!Array.isArray(required) || !required.includes(name)) return 'but may be left out; require it';
  return type === undefined || COUNTABLE.includes(type) ? undefined : `but is of type ${JSON.stringify(type)}`;
}
