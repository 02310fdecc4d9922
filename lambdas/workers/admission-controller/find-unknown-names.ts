import type { ControllerSpec } from '../../contract/controller-spec.ts';
import type { Levers } from '../../contract/controls.ts';
import { DAILY_QUOTA, PER_USER } from '../../middleware/admission-plan.ts';

/**
 * What levers name and the API does not have, each as in `diffLevers`: such a lever does nothing, and whoever set it
 * believes otherwise.
 */
export function findUnknownNames(
  { scale = {}, breakers = {} }: Levers,
  known: Pick<ControllerSpec, 'policies' | 'dependencies'>,
): readonly string[] {
  const ofRoutes = Object.entries(known.policies).flatMap(([owner, names]) => names.map((name) => `${owner}:${name}`));
  return [
    ...unknown('scale', scale, [...ofRoutes, PER_USER, DAILY_QUOTA]),
    ...unknown('breaker', breakers, known.dependencies),
  ];
}

function unknown(what: string, named: Readonly<Record<string, unknown>>, known: readonly string[]): string[] {
  const names = new Set(known);
  return Object.keys(named)
    .filter((name) => !names.has(name))
    .sort()
    .map((name) => `${what} '${name}'`);
}
