import type { PlanLimits } from './model/throttles.ts';

/** An API key as it is at the moment, whichever stages its plans are for. */
export interface LiveKey {
  readonly keyId: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly planIds: readonly string[];
}

/** Keys that may be made, changed and removed while the API runs. */
export interface LiveKeys {
  /** By value. */
  find(value: string): LiveKey | undefined;
  inPlan(planId: string): readonly LiveKey[];
}

/** An API key that a usage plan of this stage admits. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly plan: PlanLimits;
}
