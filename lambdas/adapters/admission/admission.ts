import type { DependencySpec } from '../../contract/admission-spec.ts';
import type { Controls } from '../../contract/controls.ts';
import type { Limit, LimitVerdict } from '../../resilience/limiters/limit.ts';
import type { ClaimedBreakerView } from '../dependencies/breaker-store.ts';

/** One limit that a request is measured by. */
export interface LimitCheck {
  /** Names the limit within its subject's record. */
  readonly id: number;
  /** Names the limit in levers, shares and metrics: `POST /api/feed:user`. */
  readonly policy: string;
  readonly limit: Limit;
  /** Whom it counts, such as `user:01J…`; hashed before it gets anywhere. */
  readonly subject: string;
  /** Whole units that the request takes; 0 only looks. */
  readonly cost: number;
  /** Whether the handler says afterwards what the request has cost. */
  readonly settled?: boolean | undefined;
  /** Whether it counts without refusing. */
  readonly dryRun: boolean;
  /** Whether the limit is the whole fleet's, so that each shard holds a part of it. */
  readonly fleetWide: boolean;
}

/** How the request stands while not all can be served. */
export interface LoadCheck {
  /**
   * Place on the scale of priorities, 0 (most important) to 100: four bands of 25, and within a band by the hash of the
   * caller, so that of equal requests always the same callers' are shed first.
   */
  readonly position: number;
  /** Whether it is to be parked rather than shed. */
  readonly parkable: boolean;
  /** Whether it was parked, and now takes its place among those in flight. */
  readonly readmitted: boolean;
}

/** An outside thing that the request will need. */
export interface DependencyCheck {
  readonly name: string;
  readonly required: boolean;
  readonly spec: DependencySpec;
}

/** Everything that is decided about one request, in one round trip. */
export interface AdmissionRequest {
  /** Decides the shard: the tenant's name, else the user's, else the network's. */
  readonly caller: string;
  readonly limits: readonly LimitCheck[];
  /** Absent where the service measures no load. */
  readonly load: LoadCheck | undefined;
  readonly dependencies: readonly DependencyCheck[];
}

/**
 * `admitted`: to be served. `limited`: a limit denies. `shed`: too much load for its priority. `parked`: the same, but it
 * may wait. `dependency`: a breaker it needs is open. Only `admitted` and `parked` take from the limits.
 */
export type AdmissionOutcome = 'admitted' | 'limited' | 'shed' | 'parked' | 'dependency';

/**
 * Who decided: the store, the list of callers known to be over their limit, this process alone, a policy that counts
 * nothing, or nobody, as there was nothing to decide.
 */
export type DecidedBy = 'store' | 'block-list' | 'local' | 'allow' | 'deny' | 'nobody';

/** The load of the service's shard at the decision. */
export interface LoadView {
  /** 0 (none) to 1 (nothing more is served). */
  readonly overload: number;
  /** Requests in flight, this one not included. */
  readonly inFlight: number;
  /** The adaptive limit. */
  readonly limit: number;
  readonly parked: number;
}

/** A dependency's breaker as the request finds it. */
export interface BreakerView {
  readonly name: string;
  readonly state: 'closed' | 'open' | 'half-open' | 'disabled' | 'forced-open';
  /** Whether this request may make the one probe. */
  readonly isProbe: boolean;
  /** Whether calls are to be recorded: the healthy path writes nothing. */
  readonly isWatched: boolean;
  /** Time until the breaker lets a probe through, in ms; 0 unless it is open. */
  readonly retryMs: number;
}

/** The answer for one request. A refusal is a value, never a throw. */
export interface AdmissionDecision {
  readonly outcome: AdmissionOutcome;
  readonly decidedBy: DecidedBy;
  /** Time of the store, or of this process where it was not asked, in ms. */
  readonly atMs: number;
  /** In the order of the checks; empty when nobody counted. */
  readonly verdicts: readonly LimitVerdict[];
  readonly load: LoadView | undefined;
  /** In the order of the checks; empty when the store was not asked. */
  readonly breakers: readonly ClaimedBreakerView[];
  /** What the store needs in order to take the request out of its books again; opaque. */
  readonly lease: unknown;
}

/** How a request ended (Netflix concurrency-limits): it tells something of the load, or nothing, or was too much. */
export interface Ending {
  readonly kind: 'success' | 'ignored' | 'dropped';
  /** Time in the handler, as a ratio to the route's latency target. */
  readonly latencyRatio: number;
  /** What the handler says the request has cost, for limits that are settled afterwards. */
  readonly cost: number | undefined;
}

/** Admits or refuses requests. */
export interface Admission {
  /** Decides everything in one round trip. Never rejects. */
  decide(request: AdmissionRequest): Promise<AdmissionDecision>;
  /** Takes an admitted request out of the books; sent before this returns, and not waited for. */
  settle(request: AdmissionRequest, decision: AdmissionDecision, ending: Ending): void;
  /** Takes a request out of the books that was counted among the parked and will not be served; not waited for. */
  releasePlace(caller: string): void;
  /** What the controller said last; undefined until it was heard. */
  controls(): Controls | undefined;
}
