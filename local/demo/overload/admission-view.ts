import { DRILL_ADMISSION_HEADER } from '../../../lambdas/contract/drill.ts';

export type BreakerState = 'closed' | 'half-open' | 'open' | 'forced-open' | 'disabled';

const BREAKER_STATES: readonly BreakerState[] = ['closed', 'half-open', 'open', 'forced-open', 'disabled'];

/** How admission found the service for one request, as the service tells in a header. */
export interface AdmissionView {
  readonly overload: number;
  readonly inFlight: number;
  readonly limit: number;
  readonly parked: number;
  /** Absent on routes that ask no dependency. */
  readonly breaker?: BreakerState;
}

/** Reads the header from an answer; undefined where there is none, or it is not as expected. */
export function readAdmissionView(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AdmissionView | undefined {
  const text = headers[DRILL_ADMISSION_HEADER.toLowerCase()];
  if (typeof text !== 'string') return undefined;
  const members = new Map(text.split(',').map((member) => member.trim().split('=', 2) as [string, string]));
  const numberOf = (name: string) => Number.parseFloat(members.get(name) ?? '');
  const view = {
    overload: numberOf('overload'),
    inFlight: numberOf('in-flight'),
    limit: numberOf('limit'),
    parked: numberOf('parked'),
  };
  if (!Object.values(view).every(Number.isFinite)) return undefined;
  const breaker = BREAKER_STATES.find((state) => state === members.get('breaker'));
  return { ...view, ...(breaker && { breaker }) };
}
