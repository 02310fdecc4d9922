import { Lazy } from 'aws-cdk-lib';
import { writeLimitedRoutes } from '../../lambdas/contract/limited-routes.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';

/**
 * Value of `Env.LIMITED_ROUTES`: the routes of an API with their limits and priorities, and what its services depend on.
 * Written with the template, so that services which are added later are in it.
 */
export function limitedRoutes(api: ThrottledApi): string {
  return Lazy.string({
    produce: () => {
      const dependencies = [...api.admission].flatMap(([service, spec]) => {
        const names = Object.keys(spec.dependencies ?? {});
        return names.length === 0 ? [] : [[service, names] as const];
      });
      return writeLimitedRoutes(
        // What goes into a queue is counted by API Gateway alone.
        api.routes.filter(({ queued }) => queued === undefined).map(({ spec }) => spec),
        Object.fromEntries(dependencies),
      );
    },
  });
}
