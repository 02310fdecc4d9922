import { ParkedAccepted } from '../../lambdas/contract/parked.ts';
import { DEFAULT_PRIORITY } from '../../lambdas/contract/priority.ts';
import { header, rateLimitHeaders } from './openapi-problems.ts';
import { jsonContent, type OpenApiSchemas } from './openapi-schemas.ts';
import type { Route } from './route.ts';

/** `x-spillway` of an operation: how its requests are admitted, in the words of the route's props and units of its spec. */
export function admissionExtension(route: Route): object {
  // Nobody weighs the requests of a queue: it takes them all.
  if (route.queued !== undefined) return { queue: route.queued.target.name };
  const {
    priority = DEFAULT_PRIORITY,
    latencyTargetMs,
    parkForSeconds,
    priorityByTier,
    dependencies,
    work,
  } = route.spec;
  return {
    priority,
    ...(priorityByTier && { priorityByTier }),
    ...(latencyTargetMs !== undefined && { latencyTargetMs }),
    ...(route.limits.length > 0 && { limits: route.limits.map(({ definition }) => definition) }),
    ...(parkForSeconds !== undefined && { parkForSeconds }),
    ...(work && { work }),
    ...(dependencies && { dependencies }),
  };
}

/** The answer to a request that was parked; none on a route that parks nothing. */
export function parkedAnswer(route: Route, schemas: OpenApiSchemas): Record<string, object> {
  if (route.whenOverloaded.parkFor === undefined) return {};
  const { headers } = rateLimitHeaders(route);
  const response = {
    description: 'Accepted: the request waits until load falls, and its state says what became of it.',
    headers: { ...headers, Location: header('Location'), 'Retry-After': header('Retry-After') },
  };
  return { 202: jsonContent(schemas.response(`${route}: responses.202`, ParkedAccepted), response) };
}
