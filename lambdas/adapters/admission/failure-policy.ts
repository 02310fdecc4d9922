import type { StoreFailurePolicy } from '../../contract/admission-spec.ts';
import type { Clock } from '../clock.ts';
import type { AdmissionDecision, AdmissionRequest, Ending } from './admission.ts';
import { LocalAdmission } from './local-admission.ts';

/** Who decides while the store is gone: at once, and without knowing load and breakers. */
export interface FailurePolicy {
  decideNow(request: AdmissionRequest): AdmissionDecision;
  settle(request: AdmissionRequest, decision: AdmissionDecision, ending: Ending): void;
}

/** Lets all through, refuses whatever a limit counts, or counts in this process alone. */
export function createFailurePolicy(policy: StoreFailurePolicy, clock: Clock): FailurePolicy {
  if (policy === 'local') return new LocalAdmission(clock);
  return {
    decideNow: ({ limits }) => {
      // Where no limit may refuse there is nothing to be careful about.
      const denies = policy === 'deny' && limits.some(({ dryRun }) => !dryRun);
      return {
        outcome: denies ? 'limited' : 'admitted',
        decidedBy: policy,
        atMs: clock.now(),
        verdicts: [],
        load: undefined,
        breakers: [],
        lease: undefined,
      };
    },
    settle: () => undefined,
  };
}
