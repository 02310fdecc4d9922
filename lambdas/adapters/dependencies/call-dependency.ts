import { type BulkheadPolicy, bulkhead } from 'cockatiel';
import type { DependencySpec } from '../../contract/admission-spec.ts';
import type { Clock } from '../clock.ts';
import type { BreakerReport, ClaimedBreakerView, Dependency } from './breaker-store.ts';
import type { CallOptions, DependencyCall } from './call-policy.ts';
import { DependencyRun } from './dependency-run.ts';
import { type BulkheadOptions, DependencyState } from './dependency-state.ts';
import { isDependencyFault } from './is-dependency-fault.ts';
import { LocalBreakers } from './local-breakers.ts';
import { RequestBreaker } from './request-breaker.ts';
import type { SetTimer } from './set-timer.ts';

const BULKHEAD = { concurrent: 10, queued: 100 };

/** What the calls of one process share. */
export interface DependencyCallsOptions {
  readonly dependencies: Readonly<Record<string, DependencySpec>>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly setTimer: SetTimer;
  /** Of each dependency. @default 10 at a time, 100 more waiting */
  readonly bulkhead?: BulkheadOptions;
  /** The breakers of this process, for requests that no store said anything of. @default its own */
  readonly local?: LocalBreakers;
}

/** One request's calls. */
export interface CallsOfRequest {
  /** The breakers as admission or a store showed them; of those that are missing the process goes by its own. */
  readonly views: readonly ClaimedBreakerView[];
  /** When the request's work must be over, in ms since the epoch: `deadlineOf`. */
  readonly deadlineMs: number;
  /** Where the outcomes go, sent at the end, or at once where others wait for them. */
  readonly record: (reports: readonly BreakerReport[]) => void;
}

export type CallDependency = <T>(name: string, call: DependencyCall<T>, options?: CallOptions<T>) => Promise<T>;

export interface RequestCalls {
  /**
   * Calls a dependency of the service: within the request's deadline and the dependency's time-out, unless its breaker is
   * open, with retries by full jitter where the call is idempotent.
   * @throws ServiceError `dependency-unavailable` and `dependency-busy` (503), `dependency-timeout` and `deadline-passed`
   * (504), `dependency-failed` (502); and whatever the call throws that is not the dependency's fault, as it is.
   */
  readonly call: CallDependency;
  /** Reports outcomes and gives back what was claimed: at the end of every request. */
  settle(): void;
}

/** Makes the calls of requests; once per process. */
export interface DependencyCalls {
  forRequest(request: CallsOfRequest): RequestCalls;
}

export function createDependencyCalls(options: DependencyCallsOptions): DependencyCalls {
  const { dependencies, clock, random, setTimer, bulkhead: room = BULKHEAD } = options;
  const local = options.local ?? new LocalBreakers(clock);
  const states = new Map(Object.keys(dependencies).map((name) => [name, new DependencyState(room)]));

  /** The breaker of a dependency as a request goes by it, and how many of its calls are made at a time. */
  const guardOf = ({ name, spec }: Dependency, state: DependencyState, { views, record }: CallsOfRequest): Guard => {
    const shown = views.find((view) => view.name === name);
    const view = shown ?? local.view({ name, spec });
    const report = (one: BreakerReport) => (shown === undefined ? local.report(one) : record([one]));
    // Half-open is probed by one call after the other, by whoever has claimed it.
    return {
      breaker: new RequestBreaker({ name, spec }, view, report),
      bulkhead: view.isProbe ? bulkhead(1, room.queued) : state.bulkhead,
    };
  };

  return {
    forRequest(request) {
      const guards = new Map<string, Guard>();
      const find = (name: string) => {
        const [spec, state] = [dependencies[name], states.get(name)];
        if (spec === undefined || state === undefined) return undefined;
        const guard = guards.get(name) ?? guardOf({ name, spec }, state, request);
        guards.set(name, guard);
        return { dependency: { name, spec }, state, ...guard };
      };
      // What was claimed for the request is given back at its end, whether it makes the call or not.
      for (const { name, isProbe } of request.views) if (isProbe) find(name);
      return {
        async call(name, call, { isFault = isDependencyFault, ...how } = {}) {
          const found = find(name);
          if (found === undefined) {
            const known = Object.keys(dependencies).join(', ') || 'none';
            throw new RangeError(
              `dependency '${name}' is not declared, only ${known}; add it to the service's construct`,
            );
          }
          const { deadlineMs } = request;
          return new DependencyRun({ ...how, ...found, call, isFault, deadlineMs, clock, random, setTimer }).answer();
        },
        settle() {
          for (const { breaker } of guards.values()) breaker.settle();
        },
      };
    },
  };
}

interface Guard {
  readonly breaker: RequestBreaker;
  readonly bulkhead: BulkheadPolicy;
}
