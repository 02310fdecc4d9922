import type { BreakerReader } from '../../adapters/controls/breaker-reader.ts';
import type { ControlsStore } from '../../adapters/controls/controls-store.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { Controls } from '../../contract/controls.ts';
import type { LimitsReply } from '../../contract/limits.ts';

export interface DescribeOperationsDependencies {
  readonly controls: Pick<ControlsStore, 'remembered'>;
  readonly breakers: BreakerReader;
  /** Service → names of what it depends on. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
  readonly logger: ServiceLogger;
}

type Operations = NonNullable<LimitsReply['operations']>;

/**
 * What operators have set, what the controller sees, and how breakers stand. Read from the store itself, so that a lever
 * shows as soon as the controller has told it; while the store is gone, by what this environment heard last.
 */
export async function describeOperations(
  { controls, breakers, dependencies, logger }: DescribeOperationsDependencies,
  heard: Controls | undefined,
): Promise<Operations> {
  const [told, states] = await Promise.allSettled([controls.remembered(), breakers.read(dependencies)]);
  for (const result of [told, states]) {
    if (result.status === 'rejected') logger.warn('the store cannot be read', { error: result.reason as Error });
  }
  const current = told.status === 'fulfilled' ? told.value.controls : heard;
  const {
    levers = {},
    unknownNames = [],
    changes = [],
    overload = 0,
    causes = [],
    shares = {},
    backlogs = {},
  } = current ?? {};
  const forced = levers.breakers ?? {};
  return {
    isAlive: current !== undefined,
    ...{ levers, unknownNames, changes, overload, causes, shares, backlogs },
    ...(states.status === 'fulfilled' && {
      breakers: states.value.map((breaker) => {
        const lever = Object.hasOwn(forced, breaker.dependency) ? forced[breaker.dependency] : undefined;
        return { ...breaker, ...(lever && { forced: lever }) };
      }),
    }),
  };
}
