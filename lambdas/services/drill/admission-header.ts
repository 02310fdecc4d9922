import type { AdmissionDecision } from '../../adapters/admission/admission.ts';
import { DRILL_ADMISSION_HEADER, DRILL_DEPENDENCY } from '../../contract/drill.ts';

/**
 * Load and breaker as admission found them for this request, so that whoever drives the drill sees what decided.
 * Nothing while the store was not asked: there is nothing to see then.
 */
export function admissionHeader(decision: AdmissionDecision | undefined): Record<string, string> {
  if (decision?.load === undefined) return {};
  const { overload, inFlight, limit, parked } = decision.load;
  const breaker = decision.breakers.find(({ name }) => name === DRILL_DEPENDENCY);
  const members = [
    `overload=${decimal(overload)}`,
    `in-flight=${Math.round(inFlight)}`,
    `limit=${decimal(limit)}`,
    `parked=${Math.round(parked)}`,
    ...(breaker === undefined ? [] : [`breaker=${breaker.state}`]),
  ];
  return { [DRILL_ADMISSION_HEADER]: members.join(', ') };
}

/** A Decimal of RFC 9651: at most three digits behind the point. */
function decimal(value: number): string {
  return value.toFixed(3);
}
