import { parseDictionary } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import type { AdmissionDecision } from '../../../../lambdas/adapters/admission/admission.ts';
import type { ClaimedBreakerView } from '../../../../lambdas/adapters/dependencies/breaker-store.ts';
import { admissionHeader } from '../../../../lambdas/services/drill/admission-header.ts';

const decision: AdmissionDecision = {
  outcome: 'admitted',
  decidedBy: 'store',
  atMs: 0,
  verdicts: [],
  load: { overload: 0.41666, inFlight: 5, limit: 4.5, parked: 3 },
  breakers: [],
  lease: undefined,
};
const breaker = (name: string): ClaimedBreakerView => ({
  name,
  state: 'half-open',
  isProbe: false,
  isWatched: true,
  retryMs: 0,
  claimMs: 0,
});

describe('admissionHeader', () => {
  it('is a structured dictionary of load and breaker', () => {
    const header = admissionHeader({ ...decision, breakers: [breaker('other'), breaker('index')] });
    const read = Object.fromEntries(
      [...parseDictionary(header['Drill-Admission'] ?? '')].map(([name, [value]]) => [name, String(value)]),
    );
    expect(read).toEqual({ overload: '0.417', 'in-flight': '5', limit: '4.5', parked: '3', breaker: 'half-open' });
  });

  it('leaves the breaker out on a route that asks no dependency', () => {
    expect(admissionHeader(decision)).toEqual({
      'Drill-Admission': 'overload=0.417, in-flight=5, limit=4.500, parked=3',
    });
  });

  it('says nothing where load was not measured', () => {
    expect(admissionHeader({ ...decision, load: undefined })).toEqual({});
    expect(admissionHeader(undefined)).toEqual({});
  });
});
