import type { AdmissionSpec } from '../../contract/admission-spec.ts';
import type { Controls } from '../../contract/controls.ts';
import { scaleLimit } from '../../resilience/limiters/create-limit.ts';
import type { Limit } from '../../resilience/limiters/limit.ts';
import type { ServiceLoad } from '../../resilience/load/service-load.ts';
import { controlsKeys } from '../controls/controls-header.ts';
import { breakerKey, breakerPlan } from '../dependencies/breaker-plan.ts';
import type { AdmissionRequest, LimitCheck } from './admission.ts';
import { createLimitPlan, type LimitPlan } from './limit-plan.ts';
import { admissionScript, VERDICT_BYTES } from './lua/admission-script.ts';
import { BREAKER_REPLY_BYTES } from './lua/breaker-part.ts';
import { planLoad } from './lua/load-codec.ts';
import { LOAD_REPLY_BYTES } from './lua/load-part.ts';
import { PlannedCall } from './planned-call.ts';
import { serviceKey } from './shard-keys.ts';

/** What requests of one route and tier have in common, in the words of the script. */
export interface PreparedPlan {
  readonly limits: LimitPlan;
  /** Different for each plan. */
  readonly name: number;
  /** Keys before those of subjects: of breakers, of the service and of the controls. */
  readonly fixedKeys: readonly string[];
  /** What keys of subjects begin with: tag of the shard, and of a log its limit. */
  readonly keyHeads: readonly string[];
  /** The call of the script, by what becomes of the request if there is no place for it. */
  readonly callOf: (load: AdmissionRequest['load']) => PlannedCall;
  readonly dependencies: AdmissionRequest['dependencies'];
  /** Where in the reply which part begins. */
  readonly loadOffset: number;
  readonly limitsOffset: number;
  readonly measuresLoad: boolean;
}

let plansMade = 0;

/** What becomes of a request that finds no place, or was parked before: it is one of them. */
type Way = 'shed' | 'parkable' | 'readmitted';

function wayOf(load: AdmissionRequest['load']): Way {
  if (load?.parkable) return 'parkable';
  return load?.readmitted ? 'readmitted' : 'shed';
}

interface Kept {
  readonly plan: PreparedPlan;
  readonly checks: readonly LimitCheck[];
  /** Of each check the first one of the same subject. */
  readonly groups: readonly number[];
  readonly hasLoad: boolean;
}

/** What plans depend on besides the request. */
export interface PlanSetting {
  readonly spec: Pick<AdmissionSpec, 'service' | 'shards'>;
  readonly shard: number;
  /** Absent where the service measures no load. */
  readonly load: ServiceLoad | undefined;
  readonly controls: Controls | undefined;
}

/** Beyond that, something makes limits anew for each request, and plans are not worth keeping. */
const KEPT_MAX = 1_000;

/** Plans of one shard under one version of the controls, each made once. */
export class PreparedPlans {
  readonly #setting: PlanSetting;
  readonly #kept = new Map<Limit | undefined, Kept[]>();
  #count = 0;

  constructor(setting: PlanSetting) {
    this.#setting = setting;
  }

  planOf(request: AdmissionRequest): PreparedPlan {
    const first = request.limits[0]?.limit;
    const candidates = this.#kept.get(first);
    if (candidates !== undefined) {
      for (const kept of candidates) if (fits(kept, request)) return kept.plan;
    }
    const plan = preparePlan(this.#setting, request);
    this.#keep(first, {
      plan,
      checks: request.limits,
      groups: groupsOf(request.limits),
      hasLoad: request.load !== undefined,
    });
    return plan;
  }

  #keep(first: Limit | undefined, kept: Kept): void {
    if (this.#count >= KEPT_MAX) {
      this.#kept.clear();
      this.#count = 0;
    }
    this.#count += 1;
    const candidates = this.#kept.get(first);
    if (candidates === undefined) this.#kept.set(first, [kept]);
    else candidates.push(kept);
  }
}

/** Whether a plan was made for a request like this one: what is compared is what the plan was made from. */
function fits({ plan, checks, groups, hasLoad }: Kept, request: AdmissionRequest): boolean {
  const { limits, dependencies } = request;
  if (limits.length !== checks.length || (request.load !== undefined) !== hasLoad) return false;
  for (let place = 0; place < limits.length; place += 1) {
    const known = checks[place] as LimitCheck;
    const asked = limits[place] as LimitCheck;
    if (known.limit !== asked.limit || known.id !== asked.id || known.cost !== asked.cost) return false;
    if (known.dryRun !== asked.dryRun || known.policy !== asked.policy) return false;
    if (known.settled !== asked.settled || known.fleetWide !== asked.fleetWide) return false;
    if (groupOf(limits, place) !== groups[place]) return false;
  }
  return (
    dependencies === plan.dependencies ||
    (dependencies.length === plan.dependencies.length &&
      dependencies.every(({ name, required, spec }, index) => {
        const other = plan.dependencies[index];
        return name === other?.name && required === other.required && spec === other.spec;
      }))
  );
}

function groupsOf(limits: readonly LimitCheck[]): number[] {
  return limits.map((_, place) => groupOf(limits, place));
}

function groupOf(limits: readonly LimitCheck[], place: number): number {
  const { subject } = limits[place] as LimitCheck;
  let first = 0;
  while (limits[first]?.subject !== subject) first += 1;
  return first;
}

function preparePlan(setting: PlanSetting, request: AdmissionRequest): PreparedPlan {
  const { spec, shard, load, controls } = setting;
  const { dependencies } = request;
  const measured = request.load === undefined ? undefined : load;
  const limits = createLimitPlan(request.limits, (check) => effectiveLimit(check, setting));
  const breakers = dependencies.map((check) => breakerPlan(check, controls?.levers.breakers?.[check.name]));
  const loadOffset = VERDICT_BYTES + dependencies.length * BREAKER_REPLY_BYTES;
  plansMade += 1;
  const fixedKeys = [
    ...dependencies.map(({ name }) => breakerKey(shard, spec.service, name)),
    ...(measured === undefined ? [] : [serviceKey(shard, spec.service), controlsKeys(shard).header]),
  ];
  const keyHeads = limits.keys.map(({ prefix }) => `{${shard}}${prefix}`);
  // What levers and shares have changed is soon changed again.
  const isLasting = request.limits.every((check) => effectiveLimit(check, setting) === check.limit);
  const calls: Partial<Record<Way, PlannedCall>> = {};
  const callOf = (asked: AdmissionRequest['load']) => {
    const way = wayOf(asked);
    const known = calls[way];
    if (known !== undefined) return known;
    const ways = { parkable: way === 'parkable', readmitted: way === 'readmitted' };
    const script = admissionScript({ breakers, load: measured && planLoad(measured, ways), limits, isLasting });
    const call = new PlannedCall({ script, fixedKeys, keyHeads, hasPosition: measured !== undefined });
    calls[way] = call;
    return call;
  };
  return {
    limits,
    name: plansMade,
    dependencies,
    fixedKeys,
    keyHeads,
    callOf,
    loadOffset,
    limitsOffset: loadOffset + (measured === undefined ? 0 : LOAD_REPLY_BYTES),
    measuresLoad: measured !== undefined,
  };
}

/** The limit times what levers say, and of the whole fleet's the part of the shard. */
export function effectiveLimit({ limit, policy, fleetWide }: LimitCheck, setting: PlanSetting): Limit {
  const { controls, shard, spec } = setting;
  const part = fleetWide && spec.shards > 1 ? (controls?.shares[policy]?.[shard] ?? 1 / spec.shards) : 1;
  return scaleLimit(limit, (controls?.levers.scale?.[policy] ?? 1) * part);
}
