import type { AdmissionSpec } from '../../contract/admission-spec.ts';
import type { ServiceLoad } from '../../resilience/load/service-load.ts';
import type { Clock } from '../clock.ts';
import { readBreakerReply } from '../dependencies/breaker-reply.ts';
import { createStoredScript } from '../valkey/stored-script.ts';
import { StoreError, type ValkeyStore } from '../valkey/valkey-store.ts';
import type { Admission, AdmissionDecision, AdmissionRequest, Ending, LimitCheck } from './admission.ts';
import { BlockList } from './block-list.ts';
import { ControlsWatch } from './controls-watch.ts';
import type { FailurePolicy } from './failure-policy.ts';
import { FleetDemand } from './fleet-demand.ts';
import { planSettlement, readLimits } from './limit-plan.ts';
import { VERDICT_BYTES } from './lua/admission-script.ts';
import { BREAKER_REPLY_BYTES } from './lua/breaker-part.ts';
import { VERDICTS } from './lua/head-part.ts';
import { planLoadSettlement, readLoadReply, shardLoad } from './lua/load-codec.ts';
import { SETTLEMENT_SCRIPT } from './lua/settlement-script.ts';
import { type PreparedPlan, PreparedPlans } from './prepared-plan.ts';
import { SubjectNames, serviceKey, shardOf } from './shard-keys.ts';

/** What the decision hands to the settlement. */
interface StoreLease {
  readonly plan: PreparedPlan;
  readonly shard: number;
  /** Of subjects, in the plan's order. */
  readonly names: readonly string[];
  readonly marks: readonly (number | undefined)[];
  /** Undefined where no load is measured. */
  readonly leaseEpoch: number | undefined;
}

type Store = Pick<ValkeyStore, 'run' | 'send'>;

const settle = createStoredScript(SETTLEMENT_SCRIPT);

/** Decides in the shared store, in one round trip; while the store is gone, `onStoreFailure` decides. */
export function createValkeyAdmission(
  store: Store,
  spec: AdmissionSpec,
  onStoreFailure: FailurePolicy,
  clock: Clock,
): Admission {
  return new ValkeyAdmission(store, spec, onStoreFailure, clock);
}

class ValkeyAdmission implements Admission {
  readonly #store: Store;
  readonly #spec: AdmissionSpec;
  readonly #onStoreFailure: FailurePolicy;
  readonly #clock: Clock;
  readonly #load: ServiceLoad | undefined;
  readonly #names = new SubjectNames();
  readonly #blocks = new BlockList();
  readonly #watch: ControlsWatch;
  readonly #demand: FleetDemand;
  #plans: PreparedPlans[] = [];
  /** The controls that the plans were made under. */
  #planned: ReturnType<Admission['controls']>;

  constructor(store: Store, spec: AdmissionSpec, onStoreFailure: FailurePolicy, clock: Clock) {
    this.#store = store;
    this.#spec = spec;
    this.#onStoreFailure = onStoreFailure;
    this.#clock = clock;
    this.#load = shardLoad(spec);
    this.#watch = new ControlsWatch(store, clock);
    this.#demand = new FleetDemand(store, clock);
  }

  async decide(request: AdmissionRequest): Promise<AdmissionDecision> {
    const shard = shardOf(request.caller, this.#spec.shards);
    const plan = this.#planOf(shard, request);
    const names = this.#namesOf(plan, request);
    const nowMs = this.#clock.now();
    if (names.length === 0 && plan.fixedKeys.length === 0) return unasked(nowMs);
    if (this.#spec.shards > 1) this.#demand.count(shard, request.limits);
    if (!this.#blocks.isEmpty) {
      const blocked = this.#blocks.find(blockName(plan, names), nowMs);
      if (blocked !== undefined) return blocked;
    }
    try {
      const call = plan.callOf(request.load);
      const reply = await this.#store.run((commands) => call.send(commands, names, request.load?.position ?? 0));
      const decision = this.#read(reply, plan, shard, names, request);
      if (decision.outcome === 'limited') this.#blocks.add(blockName(plan, names), request, decision, nowMs);
      return decision;
    } catch (error) {
      if (error instanceof StoreError) return this.#onStoreFailure.decideNow(request);
      throw error;
    }
  }

  settle(request: AdmissionRequest, decision: AdmissionDecision, ending: Ending): void {
    if (decision.decidedBy === 'nobody') return;
    if (decision.decidedBy !== 'store') {
      this.#onStoreFailure.settle(request, decision, ending);
      return;
    }
    const { plan, shard, names, marks, leaseEpoch } = decision.lease as StoreLease;
    const limits = ending.cost === undefined ? undefined : planSettlement(plan.limits, marks, ending.cost);
    if (limits === undefined && leaseEpoch === undefined) return;
    const { kind, latencyRatio } = ending;
    const load = leaseEpoch === undefined ? undefined : this.#load;
    const numbers = [
      ...planLoadSettlement(load, { kind, latencyRatio, leaseEpoch: leaseEpoch ?? 0 }),
      ...(limits?.numbers ?? [0]),
    ];
    const subjects = keysOf(plan, names);
    const keys = [
      ...(load === undefined ? [] : [serviceKey(shard, this.#spec.service)]),
      ...(limits?.keys.map((place) => subjects[place] as string) ?? []),
    ];
    this.#sendSettlement(keys, numbers);
  }

  releasePlace(caller: string): void {
    if (this.#load === undefined) return;
    const load = planLoadSettlement(this.#load, { kind: 'unserved', latencyRatio: 0, leaseEpoch: 0 });
    this.#sendSettlement([serviceKey(shardOf(caller, this.#spec.shards), this.#spec.service)], [...load, 0]);
  }

  #sendSettlement(keys: readonly string[], numbers: readonly (number | string)[]): void {
    this.#store.send((commands) => settle(commands, keys, [JSON.stringify(numbers)]));
  }

  controls(): ReturnType<Admission['controls']> {
    return this.#watch.current;
  }

  #planOf(shard: number, request: AdmissionRequest): PreparedPlan {
    const controls = this.#watch.current;
    if (controls !== this.#planned) {
      this.#plans = [];
      this.#planned = controls;
    }
    let plans = this.#plans[shard];
    if (plans === undefined) {
      plans = new PreparedPlans({ spec: this.#spec, shard, load: this.#load, controls });
      this.#plans[shard] = plans;
    }
    return plans.planOf(request);
  }

  #namesOf(plan: PreparedPlan, { limits }: AdmissionRequest): string[] {
    return plan.limits.keys.map(({ check }) => this.#names.nameOf((limits[check] as LimitCheck).subject));
  }

  #read(
    reply: Buffer,
    plan: PreparedPlan,
    shard: number,
    names: readonly string[],
    request: AdmissionRequest,
  ): AdmissionDecision {
    const outcome = VERDICTS[reply.readUInt8(0)];
    if (outcome === undefined) throw new RangeError(`the admission script replied with verdict ${reply.readUInt8(0)}`);
    const atMs = reply.readDoubleLE(1);
    const load = plan.measuresLoad ? readLoadReply(reply, plan.loadOffset) : undefined;
    this.#watch.note(shard, load?.controlsVersion);
    const taken = outcome === 'admitted' || outcome === 'parked';
    const { verdicts, marks } = readLimits(plan.limits, reply, plan.limitsOffset, atMs, taken);
    const lease: StoreLease = { plan, shard, names, marks, leaseEpoch: load?.leaseEpoch };
    return {
      outcome,
      decidedBy: 'store',
      atMs,
      verdicts,
      load: load?.view,
      breakers: request.dependencies.map(({ name }, index) =>
        readBreakerReply(reply, VERDICT_BYTES + index * BREAKER_REPLY_BYTES, name),
      ),
      lease,
    };
  }
}

/** What nobody has to be asked about. */
function unasked(atMs: number): AdmissionDecision {
  return {
    outcome: 'admitted',
    decidedBy: 'nobody',
    atMs,
    verdicts: [],
    load: undefined,
    breakers: [],
    lease: undefined,
  };
}

function blockName({ name }: PreparedPlan, names: readonly string[]): string {
  return `${name} ${names.join(' ')}`;
}

/** Keys of subjects. */
function keysOf({ keyHeads }: PreparedPlan, names: readonly string[]): string[] {
  return keyHeads.map((head, place) => head + names[place]);
}
