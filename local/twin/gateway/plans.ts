import type { PlanLimits } from './model/throttles.ts';

/** An API key that a usage plan of this stage admits. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly plan: PlanLimits;
}
