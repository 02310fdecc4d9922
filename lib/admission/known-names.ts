import type { ControllerSpec } from '../../lambdas/contract/controller-spec.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';

/** What levers may name: the limits of all routes, by what their policies begin with, and what services depend on. */
export function knownNames(
  api: Pick<ThrottledApi, 'routes' | 'admission'>,
): Pick<ControllerSpec, 'policies' | 'dependencies'> {
  const names = new Map<string, Set<string>>();
  for (const { policy } of api.routes.flatMap(({ placedLimits }) => placedLimits)) {
    // Names of limits have no colon.
    const end = policy.lastIndexOf(':');
    const owner = policy.slice(0, end);
    names.set(owner, (names.get(owner) ?? new Set()).add(policy.slice(end + 1)));
  }
  const dependencies = [...api.admission.values()].flatMap((spec) => Object.keys(spec.dependencies ?? {}));
  return {
    policies: Object.fromEntries([...names].map(([owner, some]) => [owner, [...some]])),
    dependencies: [...new Set(dependencies)],
  };
}
